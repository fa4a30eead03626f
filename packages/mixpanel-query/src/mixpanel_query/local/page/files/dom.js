// Elements of the page. Whatever comes from outside is put in as text, never as markup.

export const byId = (id) => document.getElementById(id);

// Make an element; what is false among the attributes is left out.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.map((child) => child ?? ""));
  return element;
}

export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

// Unchanged text is left alone, so that no screen reader hears it again.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function facts(list, pairs) {
  const flat = pairs.flatMap(([name, value]) => [
    make("dt", {}, name),
    make("dd", {}, String(value)),
  ]);
  list.replaceChildren(...flat);
}

let announcing = 0;

// Tell those who cannot see the page; at most every few seconds, the latest wins.
export function announce(text) {
  clearTimeout(announcing);
  announcing = setTimeout(() => say(byId("said"), text), 1500);
}
