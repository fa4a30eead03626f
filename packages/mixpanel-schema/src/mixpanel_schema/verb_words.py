"""Lists of verbs: what the ending of a word does not tell."""

from __future__ import annotations

from mixpanel_schema.word_sets import word_set

__all__ = [
    "COMMANDS",
    "DOUBLES_LAST",
    "ENDINGS",
    "IRREGULAR",
    "LABELS",
    "NOT_PAST",
    "NOUNS",
    "NO_VERBS_WITH_PREFIX",
    "PAST_IN_EED",
    "REGULAR",
    "UNCHANGING",
]

# Base form: past tense and participle, as written in event names.
IRREGULAR = """
arise:arose,arisen awake:awoke,awoken bear:born,borne beat:beat,beaten become:became
befall:befell,befallen begin:began,begun behold:beheld bend:bent bind:bound
bite:bit,bitten bleed:bled blow:blew,blown break:broke,broken breed:bred bring:brought
build:built burn:burnt buy:bought catch:caught choose:chose,chosen cling:clung
come:came creep:crept deal:dealt dig:dug do:did,done draw:drew,drawn dream:dreamt
drink:drank,drunk drive:drove,driven eat:ate,eaten fall:fell,fallen feed:fed feel:felt
fight:fought find:found flee:fled fly:flew,flown forbid:forbade,forbidden
foresee:foresaw,foreseen forget:forgot,forgotten forgive:forgave,forgiven
forgo:forgone forsake:forsook,forsaken freeze:froze,frozen get:got,gotten
give:gave,given go:went,gone grind:ground grow:grew,grown handwrite:handwritten
hang:hung have:had hear:heard hew:hewn hide:hid,hidden hold:held inlay:inlaid
keep:kept kneel:knelt know:knew,known lay:laid lead:led lean:leant leap:leapt
learn:learnt leave:left lend:lent lie:lain light:lit lose:lost make:made mean:meant
meet:met mow:mown overcome:overcame,overcome overdraw:overdrew,overdrawn
partake:partook,partaken pay:paid plead:pled prove:proven ride:rode,ridden
ring:rang,rung rise:rose,risen run:ran,run saw:sawn say:said see:saw,seen seek:sought
sell:sold send:sent sew:sewn shake:shook,shaken shear:shorn shine:shone shoot:shot
show:showed,shown shrink:shrank,shrunk sing:sang,sung sink:sank,sunk sit:sat
slay:slew,slain sleep:slept slide:slid sling:slung slink:slunk smell:smelt sneak:snuck
sow:sown speak:spoke,spoken speed:sped spell:spelt spend:spent spill:spilt spin:spun
spit:spat spoil:spoilt spring:sprang,sprung stand:stood steal:stole,stolen stick:stuck
sting:stung stink:stank,stunk strew:strewn stride:strode,stridden
strike:struck,stricken string:strung strive:strove,striven swear:swore,sworn
sweep:swept swell:swollen swim:swam,swum swing:swung take:took,taken teach:taught
tear:tore,torn tell:told think:thought thrive:throve throw:threw,thrown
tread:trod,trodden understand:understood undertake:undertook,undertaken
underwrite:underwrote,underwritten wake:woke,woken wear:wore,worn weave:wove,woven
weep:wept win:won wind:wound withdraw:withdrew,withdrawn withhold:withheld
withstand:withstood wring:wrung write:wrote,written
"""

# Past tense and base form are one word.
UNCHANGING = word_set(
    """
    beset bet bid broadcast burst cast cost cut hit hurt let misread outbid overbid
    overrun put quit read rebroadcast recast recut reread rerun reset rid run set shut
    simulcast split spread sublet thrust typeset underbid unset upset
    """
)

NO_VERBS_WITH_PREFIX = word_set(
    """
    outbound outlet output outset overcast overlaid preset rebound undercut
    underground unread unsaid upset upshot without
    """
)

# What ends in -ed and is no past tense. Words in -eed are handled by rule.
NOT_PAST = word_set(
    """
    airbed alfred bed bicoloured biped bloodshed bobsled cobed coed cred daybed embed
    fed flatbed fred hatred hotbed hundred imbed infrared jared kindred led med moped
    mohammed muhammed naked ned ocred oled premed qled quadruped red sacred seabed
    shed shred sickbed sled sunbed ted testbed theodred toolshed unwed watershed
    waterbed wed wicked winifred woodshed zed
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
    abandon abort accept access accrue achieve acknowledge acquire activate adapt add
    adjourn adjudicate adjust administer admit adopt advance agree alert align
    allocate amend amortize analyze annotate announce anonymize answer appeal append
    apply appoint apprehend approve archive arrest articulate ask assemble assess
    assign assure attach attack attempt attend audit authenticate authorize average
    award back bake ban bill block board book bookmark boost borrow bounce brew brief
    browse calculate calibrate call cancel capture certify chance change charge chat
    check chop cite claim clarify clean clear click clip clone close collapse collect
    combine comment commit compare compensate compile complain complete compose
    compress compute concede conclude concur confer configure confirm connect consent
    consign consolidate consume contact contest continue contribute control convert
    coordinate copy correct craft crash create credit crop cross-check customize cycle
    damage deactivate debit deceive decline decode decommission decrease decrypt
    dedupe default defeat defend defer define delay delegate delete delist deliver
    demote deny depart deploy deposit depreciate describe deselect detach detain
    detect develop diagnose dial disable disarm disburse discard discharge disclose
    disconnect discount discover dislike dismiss dispatch dispense display dispute
    distribute dock docket donate downgrade download draft drag drop duplicate earn
    edit eject elect email embed emit enable encode encounter encrypt encumber end
    endorse enforce engage engrave enlist enqueue enrich enroll enter equip escalate
    escort estimate evaluate evict exceed exchange execute exempt exit expand expedite
    expel expire explore export expose extend extract fail fasten favorite fetch file
    fill filter finalize fine finish fire fix flag flash flip focus follow foreclose
    forge forward fulfill fund furlough furnish gain garnish gather generate grab
    grade graduate grant group guess halt handle harvest heal help hire host hover hug
    identify ignore import improve incarcerate include increase incur index indicate
    indict infect infer inform initiate inject input insert inspect install instruct
    integrate interact interrupt introduce invalidate inventory invest investigate
    invite invoice involve issue join jump kick kidnap kill label laminate land lapse
    last launch lease level like limit link list listen litigate load locate lock
    lodge log loop loot maintain manage map mark match measure mediate mention mentor
    merge message meter migrate minimize miss mitigate mix moderate modify monitor
    motion move mute name navigate need negotiate nominate notarize note notify object
    observe obtain occur offboard offer omit onboard open operate opt optimize order
    organize outfit overrule overturn pack pair palletize pardon park participate pass
    paste patch patrol pause pay perform permit persist petition pick pin ping place
    plan plant play pledge poll post postpone prefer preorder prepare prescribe
    present press prevent preview print process proctor produce profile program
    promote prompt propose prosecute protect prove provide provision publish pull
    purchase purge push qualify quarantine quash query question queue quiz quote raise
    rank rate ratify reach react reassign rebook reboot rebut recall recap receive
    recharge recommend reconcile reconnect record recover recruit recycle redact
    redeem redirect refer refill refresh refund refuse register rehire reimburse
    reinstall reinstate reject relaunch release reload relocate remand remap remind
    remit remove rename render renew rent reopen reorder repair repeat replace
    replenish reply report repost request rerank reroute reschedule rescind reserve
    resign resize resolve respond restart restore restrict resume retain retire
    retrieve retry return reveal reverse review revise revoke reward roll rotate route
    rule sample sanction save scan schedule score scrap screen scroll search secure
    seed seize select sentence separate serve settle share ship shop shortlist shuffle
    sideline sign signal simulate skip slip snap snooze solve sort spawn specify
    sponsor spoof spot stack stake stamp star start stop store stream submit subpoena
    subscribe succeed sue suggest summarize summon supply support suppress surrender
    survive suspend swap swipe switch sync synchronize tag tap target tender terminate
    test testify text time toggle tokenize top touch track trade train transcode
    transcribe transfer transform translate transmit transship trash travel treat
    triage trigger trim trip turn tutor type unarchive unassign unblock undelete
    unfollow uninstall unlike unlink unload unlock unmute unpin unplug unpublish
    unregister unseal unsubscribe unwrap unzip update upgrade upload use utilize
    vacate vaccinate validate verify view visit void vote wager wait waive walk warn
    wash watch weigh whip whitelist wish worship wrap zap zip zoom
    """
)

# Base forms that are hardly ever the noun of an item.
COMMANDS = word_set(
    """
    abandon accept achieve acknowledge acquire activate adapt add adjust admit adopt
    allocate allow analyze announce append apply appoint approve ask assemble assess
    assign attach attend authenticate authorize become begin borrow bring buy
    calculate calibrate cancel choose clarify collect combine compare compile complete
    compute configure confirm connect consume continue contribute convert create
    customize deactivate decode decrypt defend defer define delegate delete deliver
    demote deny deploy describe deselect detach detect develop disable discard
    disconnect discover dismiss dispense distribute donate earn edit elect embed emit
    enable encode encrypt enlist enqueue enroll enter equip escalate evaluate evict
    execute expand explore expose extend finalize find forget fulfill generate get
    give go hide identify ignore improve include incur indicate inform initiate inject
    insert inspect install instruct integrate interrupt introduce invalidate invest
    investigate invite join keep learn leave lend lose maintain make migrate minimize
    modify negotiate notify observe obtain omit onboard open optimize organize pay
    perform place postpone prepare prescribe prevent promote propose protect provide
    publish qualify receive recommend reconnect recover redeem register reimburse
    reinstall reject relaunch relocate remind remove rename reopen replace reschedule
    resize resolve restore restrict retain retrieve reveal revise revoke see select
    sell send settle simulate solve specify submit subscribe suggest suspend
    synchronize take terminate transform translate transmit unarchive unassign unblock
    undelete unfollow unlike unlink unlock unmute unpin unpublish unsubscribe validate
    verify waive win withdraw write
    """
)

# Verbs for what is done to any item, and so verbs where they end a name.
ENDINGS = COMMANDS | word_set("click end fail finish hover launch press start stop tap")

# Base forms that end the name of an item as often as that of an action.
NOUNS = word_set(
    """
    adapt award balance ban bar bid bill block board book boost box brief budget call
    case cast cause chance charge check claim clock code comment contact contract copy
    cost credit crop cut cycle debit deal deposit design discount dispute dock draft
    drive email estimate exchange exit experience feed file fill filter fine fix flash
    focus function fund gain game grade grant ground group guess guide help hire host
    index input interest inventory invoice issue join label land lead lease leave
    level lift light limit line link list load loan lock log loop mark match measure
    message meter model monitor motion mount move name notice note number object offer
    order pack park part patch permit petition phone pin place plan plant plate play
    point poll position post present preview price print process profile program
    prompt proof provision query question queue quiz quote rank rate reach record
    reply report reserve resume reward ride ring roll rule run sample schedule score
    screen search season seed sentence serve set shape share shop show sign signal
    sort split spot stack stage stamp stand star state stay step stock store stream
    string supply support surface survey switch tag target task tender test text time
    top touch track trade train treat trial trip turn type use value view visit void
    vote wait walk wash watch whistle wind wish work
    """
)

# Base forms that begin the label of a button, and are nouns elsewhere.
LABELS = word_set(
    """
    browse build click close download finish import login play purchase request save
    set show sign start stay stop tap try update upgrade upload use view visit watch
    """
)

# Of several syllables, and stressed on the last one, or ending in -l.
DOUBLES_LAST = word_set(
    """
    admit cancel commit concur confer control defer dial embed emit equip expel format
    incur infer input kidnap label level occur omit outfit patrol permit prefer
    program signal submit transfer transmit transship travel worship
    """
)
