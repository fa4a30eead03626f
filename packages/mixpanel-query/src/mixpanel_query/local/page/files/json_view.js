// JSON as it was kept, on several lines: numbers keep every digit, as nothing is read
// and written again.

import { make, say } from "./dom.js";

const TOKEN = /"(?:[^"\\]|\\.)*"|[-+0-9.eE]+|true|false|null|[{}[\],:]|[^\s]/gu;
const MASK = "masked: personal data";
const MOST_TOKENS = 20_000;

// Return the lines of a JSON text, and what can be done with them.
export function withTools(text, personal = []) {
  const view = jsonView(text, personal);
  const tools = make("p", { class: "tools" }, copyButton(text));
  if (view.querySelector(".masked")) {
    const button = make("button", { type: "button" }, "Show personal data");
    button.addEventListener("click", () => {
      const whole = jsonView(text);
      view.replaceWith(whole);
      whole.focus();
      button.remove();
    });
    tools.append(button);
  }
  return [view, tools];
}

function copyButton(text) {
  const button = make("button", { type: "button" }, "Copy JSON");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    say(button, "Copied");
  });
  return button;
}

// Return the lines of a JSON text; the values of some names of its outermost object
// are masked.
function jsonView(text, personal = []) {
  const view = make("pre", { class: "json", tabindex: "0" });
  view.append(...pieces(text, new Set(personal)));
  return view;
}

function* pieces(text, personal) {
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let masking = false;
  for (const [place, token] of tokens.slice(0, MOST_TOKENS).entries()) {
    const next = tokens[place + 1];
    const closes = token === "}" || token === "]";
    if (closes) depth -= 1;
    if (masking && depth === 1 && token === ",") masking = false;
    if (masking && depth === 0) masking = false;
    if (!masking) yield* written(token, tokens[place - 1], next, depth);
    if (token === "{" || token === "[") depth += 1;
    if (token === ":" && depth === 1 && personal.has(named(tokens[place - 1]))) {
      yield make("span", { class: "masked" }, MASK);
      masking = true;
    }
  }
  if (tokens.length > MOST_TOKENS) yield "\n… it goes on; copy it to see all";
}

function* written(token, before, next, depth) {
  const indent = `\n${"  ".repeat(depth)}`;
  if (token === "}" || token === "]") {
    yield before === "{" || before === "[" ? token : indent + token;
  } else if (token === "{" || token === "[") {
    const isEmpty = next === "}" || next === "]";
    yield isEmpty ? token : `${token}${indent}  `;
  } else if (token === ",") {
    yield `,${indent}`;
  } else if (token === ":") {
    yield ": ";
  } else {
    yield make("span", { class: kindOf(token, next) }, token);
  }
}

function kindOf(token, next) {
  if (token.startsWith('"')) return next === ":" ? "name" : "string";
  return /^[a-z]/u.test(token) ? "word" : "number";
}

function named(token) {
  try {
    return JSON.parse(token);
  } catch {
    return "";
  }
}
