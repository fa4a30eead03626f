// Questions to the project, and changes of it.

const PATIENCE_MS = 10_000;

export async function ask(path, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  return read(await fetch(query ? `${path}?${query}` : path, options("GET")));
}

export async function change(method, path, body = {}) {
  const headers = { "Content-Type": "application/json" };
  const sent = { ...options(method), headers, body: JSON.stringify(body) };
  return read(await fetch(path, sent));
}

function options(method) {
  return { method, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) };
}

async function read(answer) {
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error ?? `the answer was ${answer.status}`);
  return body;
}

// Do something again and again; the next time is counted from the end of the last.
export function repeat(work, milliseconds) {
  let timer = 0;
  let running = false;
  let again = false;

  async function run() {
    clearTimeout(timer);
    if (running) {
      again = true;
      return;
    }
    running = true;
    await work();
    running = false;
    timer = setTimeout(run, again ? 0 : milliseconds);
    again = false;
  }

  run();
  return run;
}
