"""Verbs of event names: which words are past tense, and what their base form is.

A regular past tense is known by its ending, so that verbs that stand in no list are
understood too. The lists hold what the ending does not tell.
"""

from __future__ import annotations

import re

from mixpanel_schema.word_sets import word_set

__all__ = ["BASE_FORMS", "COMMANDS", "LABELS", "base_form", "is_past", "past_form"]

# Base form: past tense and participle, as written in event names.
IRREGULAR = """
arise:arose,arisen awake:awoke,awoken beat:beat,beaten become:became begin:began,begun
bend:bent bind:bound bite:bit,bitten bleed:bled blow:blew,blown break:broke,broken
breed:bred bring:brought build:built burn:burnt buy:bought catch:caught
choose:chose,chosen cling:clung come:came creep:crept deal:dealt dig:dug do:did,done
draw:drew,drawn dream:dreamt drink:drank,drunk drive:drove,driven eat:ate,eaten
fall:fell,fallen feed:fed feel:felt fight:fought find:found flee:fled fly:flew,flown
forbid:forbade,forbidden forget:forgot,forgotten forgive:forgave,forgiven
freeze:froze,frozen get:got,gotten give:gave,given go:went,gone grind:ground
grow:grew,grown hang:hung have:had hear:heard hide:hid,hidden hold:held keep:kept
kneel:knelt know:knew,known lay:laid lead:led lean:leant leap:leapt learn:learnt
leave:left lend:lent light:lit lose:lost make:made mean:meant meet:met mow:mown
overcome:overcame,overcome pay:paid prove:proven ride:rode,ridden ring:rang,rung
rise:rose,risen run:ran,run say:said see:saw,seen seek:sought sell:sold send:sent
sew:sewn shake:shook,shaken shine:shone shoot:shot show:showed,shown
shrink:shrank,shrunk sing:sang,sung sink:sank,sunk sit:sat slay:slew,slain sleep:slept
slide:slid sling:slung smell:smelt sow:sown speak:spoke,spoken speed:sped spell:spelt
spend:spent spill:spilt spin:spun spoil:spoilt spring:sprang,sprung stand:stood
steal:stole,stolen stick:stuck sting:stung strike:struck,stricken string:strung
swear:swore,sworn sweep:swept swell:swollen swim:swam,swum swing:swung take:took,taken
teach:taught tear:tore,torn tell:told think:thought throw:threw,thrown
tread:trod,trodden understand:understood wake:woke,woken wear:wore,worn
weave:wove,woven weep:wept win:won wind:wound withdraw:withdrew,withdrawn
withstand:withstood wring:wrung write:wrote,written
"""
# Past tense and base form are one word.
UNCHANGING = word_set(
    """
beset bet bid broadcast burst cast cost cut hit hurt let outbid put quit read
reread rerun reset rid run set shut simulcast split spread sublet thrust typeset unset
upset
    """
)
# A prefix makes another irregular verb: resent, overridden, misread, outsold, unbound.
PREFIXES = re.compile(r"(?:re|un|over|out|under|mis|pre|co|with|fore|auto|up|down)-?")
NO_VERBS_WITH_PREFIX = word_set(
    """
    outbound rebound underground unread output outset outlet preset unsaid undercut
    upset upshot without overlaid
    """
)

# What ends in -ed and is no past tense. Words in -eed are handled by rule.
NOT_PAST = word_set(
    """
    airbed alfred bed bicoloured biped bloodshed bobsled cobed coed cred daybed
    embed fed flatbed fred hatred hotbed hundred imbed infrared jared kindred led
    med moped mohammed muhammed naked ned ocred oled premed qled quadruped red
    sacred seabed shed shred sickbed sled sunbed ted testbed theodred toolshed unwed
    watershed waterbed wed wicked winifred woodshed zed
    """
)
PAST_IN_EED = word_set(
    """
    agreed decreed disagreed freed guaranteed overseed preagreed refereed unfreed
    """
)

# Base forms, to understand "Page View" and to tell that it is "Page Viewed".
REGULAR = word_set(
    """
    abandon abort accept access achieve acknowledge acquire activate adapt add
    adjust admit adopt advance agree alert allocate analyze annotate announce answer
    appeal append apply appoint approve archive ask assemble assess assign attach
    attack attempt attend authenticate authorize average award back ban bake bill
    block board book bookmark boost borrow bounce brew browse calculate calibrate
    call cancel capture chance change charge chat check claim clean clear click
    clone close collapse collect combine comment commit compare complain complete
    compose compress compute configure confirm connect consume contact continue
    contribute convert copy correct craft crash create credit crop customize cycle
    damage deactivate debit deceive decline decode decrease decrypt defeat defend
    defer define delay delegate delete deliver demote deny deploy deposit describe
    deselect detach detect develop dial disable discard disconnect discount discover
    dislike dismiss dispatch dispense display dispute distribute dock donate
    download downgrade drag drop duplicate earn edit elect email embed emit enable
    encode encounter encrypt end endorse engage enlist enqueue enroll enter equip
    escalate estimate evaluate evict exceed exchange execute exit expand expire
    explore export expose extend extract fail favorite fetch file fill filter
    finalize finish fire fix flag flip focus follow forge forward fulfill fund gain
    gather generate grade grant group guess handle harvest heal help hire host hover
    identify ignore import improve include increase index inform infect initiate
    inject input insert inspect install instruct integrate interact interrupt
    introduce invalidate invest investigate invite invoice involve issue join jump
    kick kill label land last launch level like limit link list listen load locate
    lock log loop loot maintain manage mark match measure mention merge message
    migrate minimize miss mix moderate modify monitor move mute name navigate need
    note notify observe obtain offer onboard open operate opt order organize pack
    pair park participate pass paste patch pause pay perform permit pick pin ping
    place plan plant play pledge poll post postpone preorder prepare prescribe
    present press preview print process produce profile program promote prompt
    propose protect provide provision publish pull purchase purge push qualify query
    queue raise rank rate reach react rebook reboot receive recharge recommend
    reconnect record recover recycle redeem redirect refer refill refresh refund
    refuse register reinstall reject relaunch release reload remind remove rename
    render renew rent reopen reorder repair repeat replace reply report repost
    request rerank reschedule reserve resize resolve respond restart restore
    restrict resume retain retry return reveal reverse review revoke reward roll
    rotate route sample sanction save scan schedule score screen scroll search
    secure seed select separate serve settle share ship shop shuffle sign simulate
    skip snooze solve sort spawn spoof sponsor stack stamp star start stop store
    stream submit subscribe succeed suggest supply support surrender survive suspend
    swap swipe switch sync tag tap target terminate test text time toggle top touch
    track trade train transfer transform translate trash travel treat trigger trim
    turn type unarchive unassign unblock undelete unfollow uninstall unlike unlink
    unlock unmute unpin unpublish unregister unsubscribe unwrap update upgrade
    upload use utilize vaccinate validate verify view visit vote wager wait walk
    warn wash watch whitelist wish wrap zoom
    """
)
# Base forms that are hardly ever the noun of an item.
COMMANDS = word_set(
    """
    accept add allow apply approve become begin bring buy choose complete confirm
    connect continue create delete deploy disable edit enable enroll enter explore
    find generate get give go hide install invite join keep learn leave make open
    pay place receive redeem register remove rename see select sell send submit
    subscribe take unsubscribe verify write
    """
)
# Base forms that begin the label of a button, and are nouns elsewhere.
LABELS = word_set(
    """
    browse build click close download finish import login play purchase request save
    set show sign start stay stop tap try update upgrade upload use view visit watch
    """
)
DOUBLES_LAST = word_set(
    """
    ban bet bid cancel chat chop clip commit crop defer dial drag drop enroll equip
    flag flip format fulfill grab hug kidnap label level log map outfit patrol
    permit pin plan program prefer quiz refer scan ship shop signal skip slip snap
    spot star stop submit swap tag tap top transfer travel trim unplug unzip whip
    worship wrap zap zip
    """
)

PAST_OF: dict[str, tuple[str, ...]] = {
    base: tuple(pasts.split(","))
    for base, _, pasts in (entry.partition(":") for entry in IRREGULAR.split())
} | {word: (word,) for word in UNCHANGING}
IRREGULAR_BASE = {past: base for base, pasts in PAST_OF.items() for past in pasts}
VOWELS = re.compile("[aeiouyáéíóú]")


def is_past(word: str) -> bool:
    """Tell whether a word may be a past tense or a past participle.

    >>> [is_past(word) for word in ("Deployed", "sent", "overridden", "Feed", "LED")]
    [True, True, True, False, False]
    """
    small = word.lower()
    if small in IRREGULAR_BASE:
        return word != "LED"  # the lamp
    if small.endswith("ed"):
        return is_regular_past(small)
    prefix = PREFIXES.match(small)
    if prefix is None or small in NO_VERBS_WITH_PREFIX:
        return False
    rest = small[prefix.end() :]
    return IRREGULAR_BASE.get(rest, rest) != rest


def is_regular_past(small: str) -> bool:
    """Tell whether a lowercase word in -ed is a past tense."""
    if small in NOT_PAST or len(small) < 4:
        return False
    if small.endswith("eed"):
        return small in PAST_IN_EED
    return VOWELS.search(small[:-2]) is not None


def past_form(base: str) -> str:
    """Give the past tense of a lowercase base form.

    >>> [past_form(base) for base in ("view", "make", "apply", "drop", "save")]
    ['viewed', 'made', 'applied', 'dropped', 'saved']
    """
    if base in PAST_OF:
        # The participle, because an item is what something is done to.
        return PAST_OF[base][-1]
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2:-1] not in set("aeiou"):
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if base in DOUBLES_LAST else f"{base}ed"


BASE_FORMS = frozenset(
    {*REGULAR, *PAST_OF, *COMMANDS, *LABELS, *DOUBLES_LAST} - {"login"}
)
REGULAR_BASE = {past_form(base): base for base in BASE_FORMS - PAST_OF.keys()} | {
    "canceled": "cancel",
    "labeled": "label",
    "leveled": "level",
    "traveled": "travel",
    "enroled": "enroll",
    "synced": "sync",
    "synched": "sync",
}


def base_form(word: str) -> str:
    """Give the lowercase base form of a past tense; any other word as it is.

    >>> [base_form(word) for word in ("Signed", "Made", "Cancelled", "Item")]
    ['sign', 'make', 'cancel', 'item']
    """
    small = word.lower()
    for spelling in (small, re.sub("ised$", "ized", small)):
        found = REGULAR_BASE.get(spelling) or IRREGULAR_BASE.get(spelling)
        if found is not None:
            return found
    return small[:-2] if is_past(word) and small.endswith("ed") else small
