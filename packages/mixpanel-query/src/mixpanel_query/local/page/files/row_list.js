// A list of rows that open. One of them can be reached by Tab; arrow keys, or j and k,
// go to the others.

import { make } from "./dom.js";

// More rows are made when somebody comes near the last one.
const AT_ONCE = 150;
// As long as it is among so many, a row that somebody looks at stays.
const MOST_HELD = 500;

export class RowList {
  // head(item) gives the parts of a row, detail(item) what it opens to; version(item)
  // is another text when the row is to look otherwise.
  constructor(list, { head, detail, version = () => "" }) {
    this.list = list;
    this.head = head;
    this.detail = detail;
    this.version = version;
    this.rows = new Map();
    this.items = [];
    this.most = AT_ONCE;
    this.more = make("div", { class: "more" });
    list.after(this.more);
    this.watch = new IntersectionObserver(
      (seen) => seen.at(-1).isIntersecting && this.showMore(),
      { rootMargin: "600px" },
    );
    this.watch.observe(this.more);
    list.addEventListener("click", (event) => this.toggle(rowOf(event.target)));
    list.addEventListener("focusin", (event) => this.reach(rowOf(event.target)));
  }

  // Let the rows be those of some items, each of which has a key.
  show(items) {
    this.items = items;
    const held = this.held();
    const place = held ? items.findIndex((item) => item.key === held.item.key) : 0;
    if (place < MOST_HELD) {
      const needed = Math.ceil((place + 1) / AT_ONCE) * AT_ONCE;
      this.most = window.scrollY < 10 ? needed : Math.max(needed, this.most);
    }
    this.inPlace(held, () => this.fill(items.slice(0, this.most)));
    this.more.hidden = items.length <= this.most;
    if (!this.reached?.isConnected) this.reach(this.list.firstElementChild);
  }

  showMore() {
    if (this.items.length <= this.most) return;
    this.most += AT_ONCE;
    this.fill(this.items.slice(0, this.most));
    this.more.hidden = this.items.length <= this.most;
    // Begun anew, it tells at once if the end is still near.
    this.watch.unobserve(this.more);
    this.watch.observe(this.more);
  }

  fill(items) {
    const wanted = new Set(items.map((item) => item.key));
    const focused = rowOf(document.activeElement, this.list);
    for (const [key, row] of this.rows) {
      if (wanted.has(key)) continue;
      this.rows.delete(key);
      row.remove();
    }
    let at = this.list.firstElementChild;
    for (const item of items) {
      const row = this.rowFor(item);
      if (row === at) at = at.nextElementSibling;
      else this.list.insertBefore(row, at);
    }
    if (focused && !focused.isConnected) this.stepIn();
  }

  // The row with the focus is gone; keys go on from the newest one.
  stepIn() {
    this.reach(this.list.firstElementChild);
    this.reached?.firstElementChild.focus({ preventScroll: true });
  }

  rowFor(item) {
    const found = this.rows.get(item.key);
    const version = this.version(item);
    if (found && found.version === version) return found;
    if (found) {
      found.item = item;
      found.version = version;
      found.firstElementChild.replaceChildren(...this.head(item));
      return found;
    }
    const button = make(
      "button",
      { type: "button", class: "row", "aria-expanded": "false", tabindex: "-1" },
      ...this.head(item),
    );
    const row = Object.assign(make("li", {}, button), { item, version });
    this.rows.set(item.key, row);
    return row;
  }

  // Change the list without moving what somebody looks at.
  inPlace(held, work) {
    const before = held?.getBoundingClientRect().top;
    work();
    if (held?.isConnected) {
      const moved = held.getBoundingClientRect().top - before;
      if (moved) window.scrollBy({ top: moved, behavior: "instant" });
    }
  }

  held() {
    const focused = document.activeElement?.closest("li");
    if (focused && this.list.contains(focused)) return focused;
    if (window.scrollY < 10) return null;
    const middle = this.list.getBoundingClientRect().left + 20;
    const found = document.elementFromPoint(middle, window.innerHeight / 2);
    return found && rowOf(found, this.list);
  }

  reach(row) {
    if (!row) return;
    this.reached?.firstElementChild?.setAttribute("tabindex", "-1");
    this.reached = row;
    row.firstElementChild.setAttribute("tabindex", "0");
  }

  // Go up or down; tell whether there was a row.
  go(steps) {
    const focused = rowOf(document.activeElement, this.list);
    const row = focused
      ? steps > 0
        ? focused.nextElementSibling
        : focused.previousElementSibling
      : this.reached;
    row?.firstElementChild.focus();
    if (row && !row.nextElementSibling) this.showMore();
    return Boolean(row);
  }

  async toggle(row) {
    if (!row) return;
    if (row.lastElementChild.classList.contains("detail")) {
      this.close(row);
      return;
    }
    const detail = make("div", { class: "detail" });
    row.append(detail);
    row.firstElementChild.setAttribute("aria-expanded", "true");
    try {
      detail.replaceChildren(...(await this.detail(row.item)));
    } catch (error) {
      detail.replaceChildren(make("p", { class: "problem" }, error.message));
    }
  }

  close(row) {
    row.querySelector(".detail")?.remove();
    row.firstElementChild.setAttribute("aria-expanded", "false");
  }

  // Close the row that has the focus; tell whether one was open.
  closeFocused() {
    const row = rowOf(document.activeElement, this.list);
    if (!row?.querySelector(".detail")) return false;
    this.close(row);
    row.firstElementChild.focus();
    return true;
  }
}

function rowOf(element, list = null) {
  const row = element?.closest?.(".rows > li");
  if (list && !list.contains(row ?? null)) return null;
  const isHead = list || element?.closest(".row");
  return isHead ? row : null;
}
