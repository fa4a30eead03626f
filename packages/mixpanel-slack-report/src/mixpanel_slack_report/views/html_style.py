"""The looks of the page, light and dark, which follow those of Slack."""

from __future__ import annotations

__all__ = ["STYLE"]

# Lines differ in their dashes as well as in their colours.
STYLE = """
:root { color-scheme: light dark; --ink: #1d1c1d; --quiet: #616061; --paper: #fff;
  --line: #ddd; --shade: #f8f8f8; --badge: #4a154b; --link: #1264a3;
  --mention: #1264a31a; --line-1: #1264a3; --line-2: #c4361c; --line-3: #1f7a55;
  --line-4: #8a4bab; --line-5: #996300; --line-6: #4a4a4a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #d1d2d3; --quiet: #ababad; --paper: #1a1d21; --line: #35373b;
    --shade: #222529; --badge: #8d4a8f; --link: #4cafe8; --mention: #1d9bd133;
    --line-1: #4cafe8; --line-2: #ff8a70; --line-3: #4fc492; --line-4: #c79ae0;
    --line-5: #e0b04c; --line-6: #c8c8c8; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: var(--ink);
  background: var(--paper); font: 15px/1.47 Lato, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; }
article { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 8px; }
.badge { width: 36px; height: 36px; border-radius: 6px; background: var(--badge);
  color: #fff; font-weight: 900; display: grid; place-items: center; }
.sender { font-weight: 900; }
.app { font-size: 10px; padding: 1px 4px; border-radius: 2px; background: var(--line);
  vertical-align: 2px; }
.time, .context { color: var(--quiet); font-size: 13px; font-weight: 400; }
.context { margin: 4px 0; }
.context span + span::before { content: " · "; }
h1 { font-size: 18px; line-height: 1.3; margin: 8px 0; }
hr { border: 0; border-top: 1px solid var(--line); margin: 12px 0; }
p { margin: 12px 0 0; } ul, ol { margin: 4px 0 12px; padding-left: 1.7rem; }
a { color: var(--link); }
.mention { background: var(--mention); color: var(--link); border-radius: 3px;
  padding: 0 2px; }
.table { overflow-x: auto; margin: 12px 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
caption, figcaption { text-align: left; font-weight: 700; font-size: 15px;
  padding: 0 0 6px; }
th, td { border: 1px solid var(--line); padding: 6px 10px; text-align: left;
  vertical-align: top; }
thead th { background: var(--shade); }
thead th { overflow-wrap: normal; }
tbody th { font-weight: 400; min-width: 7rem; }
td { min-width: 9rem; }
.number { min-width: 0; text-align: right; white-space: nowrap; overflow-wrap: normal;
  font-variant-numeric: tabular-nums; }
figcaption { padding-bottom: 14px; }
figure { margin: 12px 0; padding: 12px; border: 1px solid var(--line);
  border-radius: 8px; }
.plot { display: grid; grid-template: 11rem auto / auto minmax(0, 1fr); gap: 4px 8px;
  font-size: 12px; color: var(--quiet); }
.marks { display: flex; flex-direction: column-reverse;
  justify-content: space-between; text-align: right; margin: -0.7em 0; }
.plot svg { width: 100%; height: 100%; overflow: visible; }
.plot path { fill: none; vector-effect: non-scaling-stroke; stroke-width: 2;
  stroke-linejoin: round; stroke-linecap: round; }
.plot .grid { stroke: var(--line); stroke-width: 1; }
.plot .dots { stroke-width: 7; stroke-dasharray: none; }
.names { grid-column: 2; display: flex; }
.names span { flex: 1 1 0; min-width: 0; display: flex; justify-content: center;
  white-space: nowrap; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px;
  margin: 8px 0 0; padding: 0; font-size: 13px; }
.legend svg { width: 28px; height: 8px; margin-right: 6px; vertical-align: 1px; }
.legend path { fill: none; stroke-width: 2.5; stroke-linecap: round; }
.line-1 { stroke: var(--line-1); }
.line-2 { stroke: var(--line-2); stroke-dasharray: 8 6; }
.line-3 { stroke: var(--line-3); stroke-dasharray: 2 5; }
.line-4 { stroke: var(--line-4); stroke-dasharray: 10 5 2 5; }
.line-5 { stroke: var(--line-5); stroke-dasharray: 14 5; }
.line-6 { stroke: var(--line-6); stroke-dasharray: 4 4; }
@media (max-width: 520px) {
  body { margin: 1rem auto; padding: 0 12px; }
  .names span:nth-last-child(even) { visibility: hidden; }
  th, td { padding: 5px 6px; } tbody th { min-width: 5rem; } }
"""
