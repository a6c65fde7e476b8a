/** The look of a report: light and dark, wide and narrow, on paper. */
import { THEMES, type Theme } from '../charts/theme.js'

const variables = ({ background, text, muted, grid }: Theme): string =>
  `--background: ${background}; --text: ${text}; --muted: ${muted}; --line: ${grid};`

export const PAGE_STYLE = `
:root { color-scheme: light dark; ${variables(THEMES.light)} --accent: #0072b2; --soft: #f5f6f8; --warn: #fff4d6; }
@media (prefers-color-scheme: dark) {
  :root { ${variables(THEMES.dark)} --accent: #5aaef0; --soft: #1d2126; --warn: #3a2f10; }
}
@media print {
  :root { color-scheme: light; ${variables(THEMES.light)} --accent: #0072b2; --soft: #f5f6f8; --warn: #fff4d6; }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--background); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
}
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
header { max-width: 50rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.2rem 0 1rem; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 3rem 0 1rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 0.5rem; overflow-wrap: anywhere; }
.experiment { color: var(--muted); margin: 0; font-size: 0.9rem; overflow-wrap: anywhere; }
.answer { font-size: 1.15rem; border-left: 4px solid var(--accent); margin: 0 0 1rem; padding: 0.2rem 0 0.2rem 1rem; overflow-wrap: anywhere; }
.answers { margin: 0; padding: 0; list-style: none; }
.answers li { margin: 0.4rem 0; overflow-wrap: anywhere; }
.warnings { background: var(--warn); border-radius: 6px; padding: 0.6rem 1rem; margin: 1.2rem 0 0; }
.warnings p, .notes p { margin: 0.3rem 0; overflow-wrap: anywhere; }
.notes { color: var(--muted); font-size: 0.9rem; margin-top: 0.8rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 2.5rem 2rem; margin-bottom: 2.5rem; }
.charts.wide { grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); }
li { overflow-wrap: anywhere; }
.reading { grid-column: 1 / -1; margin: 0 0 -1.5rem; color: var(--muted); font-size: 0.85rem; overflow-wrap: anywhere; }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figcaption { margin-bottom: 0.6rem; }
figcaption strong { display: block; overflow-wrap: anywhere; }
figcaption span { color: var(--muted); font-size: 0.85rem; overflow-wrap: anywhere; }
.chart { width: 100%; min-height: 4rem; }
.legend { grid-column: 1 / -1; min-height: 1.5rem; margin-bottom: -1.5rem; }
.legend svg, .chart svg { display: block; max-width: 100%; }
details { margin-top: 0.4rem; font-size: 0.85rem; }
summary { color: var(--muted); cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.3rem 0.5rem 0.3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--muted); vertical-align: bottom; }
td { max-width: 26rem; overflow-wrap: break-word; }
td:first-child, td.number { white-space: nowrap; }
th.number, td.number { text-align: right; }
.verdicts td:not(:first-child), .verdicts th:not(:first-child) { text-align: right; }
.verdicts td:first-child { white-space: normal; min-width: 9rem; }
.legend { color: var(--muted); font-size: 0.9rem; }
details.long { font-size: inherit; margin: 1.5rem 0 0; }
details.long h3 { display: inline; margin: 0; color: var(--text); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1.2rem; margin: 0; font-size: 0.9rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 36rem) { dl { grid-template-columns: minmax(0, 1fr); gap: 0; } dd { margin-bottom: 0.5rem; } }
pre { background: var(--soft); border-radius: 6px; padding: 0.7rem 1rem; overflow-x: auto; font-size: 0.85rem; }
#tip {
  position: fixed; z-index: 10; pointer-events: none; white-space: pre-line; max-width: min(24rem, 90vw); overflow-wrap: anywhere;
  background: var(--text); color: var(--background); border-radius: 6px; padding: 0.4rem 0.7rem; font-size: 0.8rem; line-height: 1.4;
}
@media print { .warnings { border: 1px solid var(--line); } details:not([open]) { display: none; } h2 { break-after: avoid; } }
`
