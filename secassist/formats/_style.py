"""The one style sheet of the HTML page: light and dark by the reader's preference, narrow screens, and print."""

CSS = """
:root {
  color-scheme: light dark;
  --paper: #f7f7f5; --card: #ffffff; --ink: #1d2327; --soft: #5c666e; --line: #e2e3df; --well: #f2f3f0;
  --accent: #2f5d8a;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace;
  --critical: #a3123f; --high: #d2501e; --medium: #c8960c; --low: #3c83b5; --info: #8a949c; --good: #3f8f5f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1c2024; --ink: #e4e7e9; --soft: #9aa4ab; --line: #2d3338; --well: #15181b;
    --accent: #86b4de;
    --critical: #ef5b86; --high: #f0834f; --medium: #e0b43c; --low: #6db0dd; --info: #84909a; --good: #6cc08e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif;
}
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 1.125rem; margin: 2.75rem 0 1rem; font-weight: 650; }
h3 { font-size: 1.0625rem; line-height: 1.35; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
h4 { font-size: 0.8125rem; margin: 1.1rem 0 0.35rem; font-weight: 600; color: var(--soft); }
p { margin: 0.5rem 0; max-width: 44rem; overflow-wrap: anywhere; }
.period, .meta, .note, footer { color: var(--soft); font-size: 0.875rem; }
.period { margin: 0.4rem 0 0; }
.meta { margin: 0.15rem 0 0; overflow-wrap: anywhere; }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 0.75rem; margin: 1.75rem 0 0;
  padding: 0;
}
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.8rem 1rem; }
.figures dt { color: var(--soft); font-size: 0.8125rem; }
.figures dd { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dt::first-letter { text-transform: uppercase; }
.figures .hot dd { color: var(--critical); }
.figures .warm dd { color: var(--high); }
.charts {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0.75rem;
  margin-top: 0.75rem;
}
figure {
  margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem;
}
.wide { grid-column: 1 / -1; }
.wide svg { height: 5rem; }
.ticks { display: flex; justify-content: space-between; color: var(--soft); font-size: 0.75rem; margin-top: 0.3rem; }
figcaption { font-size: 0.875rem; font-weight: 600; margin-bottom: 0.6rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg text {
  font: 13px system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif;
  fill: var(--ink);
}
svg .nr { text-anchor: end; font-weight: 600; font-variant-numeric: tabular-nums; }
svg .zero { fill: var(--soft); font-weight: 400; }
svg .track { fill: var(--well); }
svg .axis { stroke: var(--line); vector-effect: non-scaling-stroke; }
.s-critical { fill: var(--critical); } .s-high { fill: var(--high); } .s-medium { fill: var(--medium); }
.s-low { fill: var(--low); } .s-info, .s-rest { fill: var(--info); } .s-bad { fill: var(--high); }
.legend {
  display: flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; margin: 0.7rem 0 0; padding: 0; list-style: none;
  font-size: 0.8125rem; color: var(--soft);
}
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
td { padding: 0.2rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
tr:first-child td { border-top: 0; }
td:last-child { text-align: right; font-variant-numeric: tabular-nums; width: 4rem; }
.case {
  background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--info);
  border-radius: 10px; padding: 1.1rem 1.25rem 1.2rem; margin: 0 0 1rem;
}
.case.critical { border-left-color: var(--critical); } .case.high { border-left-color: var(--high); }
.case.medium { border-left-color: var(--medium); } .case.low { border-left-color: var(--low); }
.case.calm { border-left-color: var(--good); }
.chips { display: flex; flex-wrap: wrap; gap: 0.35rem; margin: 0.55rem 0 0.2rem; }
.chip {
  display: inline-flex; align-items: center; gap: 0.4em; border: 1px solid var(--line); border-radius: 999px;
  padding: 0.08rem 0.65rem; font-size: 0.8125rem; background: var(--well); overflow-wrap: anywhere;
}
.chip.strong { font-weight: 650; }
.dot { display: inline-block; flex: none; width: 0.6em; height: 0.6em; border-radius: 50%; background: var(--info); }
.dot.critical {
  background: var(--critical); } .dot.high { background: var(--high); } .dot.medium { background: var(--medium);
}
.dot.info { background: var(--info); } .dot.low { background: var(--low); } .dot.calm { background: var(--good); }
.evidence {
  margin: 0; padding: 0.5rem 0; list-style: none; background: var(--well); border-radius: 8px;
  font: 0.8125rem/1.5 var(--mono);
}
.evidence li { display: grid; grid-template-columns: 3.2rem minmax(0, 1fr); padding: 0.1rem 0.8rem 0.1rem 0; }
.evidence .at { color: var(--soft); text-align: right; padding-right: 0.9rem; user-select: none; }
.evidence q { quotes: none; white-space: pre-wrap; overflow-wrap: anywhere; }
.evidence .field { color: var(--accent); }
.evidence .by { color: var(--soft); }
.evidence .masked { border-bottom: 1px dotted var(--soft); }
.finding { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: 0.75rem; }
.place {
  font: 0.8125rem var(--mono); color: var(--soft);
  overflow-wrap: anywhere;
}
pre {
  margin: 0; padding: 0.6rem 0.8rem; background: var(--well); border-radius: 8px;
  border-left: 3px solid var(--good); white-space: pre-wrap; overflow-wrap: anywhere;
  font: 0.8125rem/1.5 var(--mono);
}
ol.steps { margin: 0.3rem 0 0; padding-left: 1.4rem; }
ol.steps li { margin: 0.35rem 0; max-width: 44rem; overflow-wrap: anywhere; }
ul.plain { margin: 0.2rem 0 0; padding-left: 1.2rem; }
.why { color: var(--soft); }
.floor { border-left: 3px solid var(--accent); padding-left: 0.7rem; }
details { margin-top: 0.9rem; font-size: 0.8125rem; color: var(--soft); }
summary { cursor: pointer; }
dl.lineage {
  display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.1rem 0.9rem; margin: 0.4rem 0 0;
}
dl.lineage dd { margin: 0; font-family: var(--mono); overflow-wrap: anywhere; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem; }
@media (max-width: 34rem) {
  main { padding: 1.5rem 0.9rem 3rem; }
  h1 { font-size: 1.4rem; }
  .figures { grid-template-columns: repeat(2, 1fr); gap: 0.5rem; }
  .figures dd { font-size: 1.4rem; }
  .case { padding: 0.9rem 0.9rem 1rem; }
  .evidence li { grid-template-columns: 2.6rem minmax(0, 1fr); }
}
@media print {
  :root {
    --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --well: #f4f4f4; --critical: #a3123f;
    --high: #d2501e; --medium: #b08408; --low: #2f6f9c; --info: #77828a; --good: #3f8f5f; --accent: #234b73;
    color-scheme: light;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .case, figure, .figures div { break-inside: avoid-page; }
  h2, h3, .chips { break-after: avoid; }
  details { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
"""Colours of severity were chosen to stay apart in both schemes; a word always stands beside them."""
