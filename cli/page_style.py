"""The style sheet of an explanation's page: light and dark, from 360 to 1600 pixels wide. No script and nothing from elsewhere."""

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1c2430; --muted: #5b6675; --rule: #d9dee5; --soft: #f4f6f9;
  --candidate: #0b62c4; --baseline: #7a5a00; --limit: #c22f2f; --share: #cfe2fa; --bad: #b3261e; --warn: #8a5a00;
  --good: #1b7a3d; --plain: #4a5564; --on: #ffffff;
  --gross: #a8326e; --errors: #c8501e; --p75: #0b7a75; --p99: #6a3fb5; --quality: #7a5a00; --tpot: #4a5564; --slow: #0b62c4; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161c; --ink: #e6eaf0; --muted: #9aa6b5; --rule: #313a46; --soft: #1a2028; --candidate: #6cb1ff;
    --baseline: #e0b64a; --limit: #ff7b72; --share: #173a63; --bad: #ff8a80; --warn: #e7b04b; --good: #6fd08c;
    --plain: #9aa6b5; --on: #12161c; --gross: #f08cc0; --errors: #ff9a5c; --p75: #4fd1c5; --p99: #b9a3ff;
    --quality: #e0b64a; --tpot: #9aa6b5; --slow: #6cb1ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 16px; max-width: 1240px; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
.badge { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; color: var(--on); font-weight: 600; }
.badge.bad, .pill.bad { background: var(--bad); fill: var(--bad); }
.badge.warn, .pill.warn { background: var(--warn); fill: var(--warn); }
.badge.good, .pill.good { background: var(--good); fill: var(--good); }
.badge.plain, .pill.plain { background: var(--plain); fill: var(--plain); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)); gap: .6rem 1.5rem;
  margin: 1rem 0; }
dt { color: var(--muted); font-size: .85rem; }
dd { margin: 0; overflow-wrap: anywhere; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; color: var(--muted); font-size: .9rem; margin: 0 0 .4rem; }
.key span::before { content: ""; display: inline-block; width: 1.6rem; height: 0; border-top: 3px solid;
  margin-right: .4rem; vertical-align: middle; }
.key .candidate::before { border-color: var(--candidate); }
.key .baseline::before { border-color: var(--baseline); border-top-style: dotted; }
.key .band::before { border-top: .8rem solid var(--candidate); opacity: .25; }
.key .limit::before { border-color: var(--limit); border-top-style: dashed; border-top-width: 2px; }
svg { width: 100%; height: auto; display: none; font-size: 12px; }
svg.w360 { display: block; }
@media (min-width: 560px) { svg.w360 { display: none; } svg.w600 { display: block; } }
@media (min-width: 900px) { svg.w600 { display: none; } svg.w960 { display: block; } }
svg text { fill: var(--ink); }
svg text.tick { fill: var(--muted); }
svg text.title { font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg text.number { fill: var(--on); font-weight: 600; }
svg line.grid { stroke: var(--rule); }
svg line.axis { stroke: var(--muted); }
svg line.limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 6 4; }
svg line.mark { stroke-width: 1; opacity: .45; stroke: var(--plain); }
svg line.mark.bad { stroke: var(--bad); opacity: .9; } svg line.mark.warn { stroke: var(--warn); }
svg line.mark.good { stroke: var(--good); }
svg rect.watch { fill: var(--soft); }
svg path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
svg path.candidate { stroke: var(--candidate); }
svg path.baseline { stroke: var(--baseline); stroke-width: 1.8; stroke-dasharray: .1 3.6; }
svg circle.candidate { fill: var(--candidate); }
svg circle.baseline { fill: var(--baseline); }
svg path.band { stroke-width: 2; stroke-dasharray: none; opacity: .16; }
svg path.band.candidate { fill: var(--candidate); } svg path.band.baseline { fill: var(--baseline); opacity: .22; }
svg path.sum { stroke: var(--ink); stroke-width: 2.4; } svg circle.sum { fill: var(--ink); }
svg line.proof { stroke: var(--good); stroke-width: 1.5; stroke-dasharray: 6 4; }
svg text.name { fill: var(--muted); paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
svg text.bar { fill: var(--limit); font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px;
  stroke-linejoin: round; }
svg text.bar.proof { fill: var(--good); }
svg path.share { fill: var(--share); stroke: var(--candidate); stroke-width: 1.5; }
svg path.p-gross { stroke: var(--gross); stroke-width: 1.6; stroke-dasharray: 7 3; } svg circle.p-gross { fill: var(--gross); }
svg path.p-errors { stroke: var(--errors); stroke-width: 1.6; stroke-dasharray: none; } svg circle.p-errors { fill: var(--errors); }
svg path.p-p75 { stroke: var(--p75); stroke-width: 1.6; stroke-dasharray: 2 3; } svg circle.p-p75 { fill: var(--p75); }
svg path.p-p99 { stroke: var(--p99); stroke-width: 1.6; stroke-dasharray: none; } svg circle.p-p99 { fill: var(--p99); }
svg path.p-quality { stroke: var(--quality); stroke-width: 1.6; stroke-dasharray: 9 3 2 3; } svg circle.p-quality { fill: var(--quality); }
svg path.p-tpot { stroke: var(--tpot); stroke-width: 1.6; stroke-dasharray: 4 3; } svg circle.p-tpot { fill: var(--tpot); }
svg path.p-slow { stroke: var(--slow); stroke-width: 1.6; stroke-dasharray: 7 3; } svg circle.p-slow { fill: var(--slow); }
svg path.p-other { stroke: var(--plain); stroke-width: 1.6; stroke-dasharray: 1 5; } svg circle.p-other { fill: var(--plain); }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-top: 1px solid var(--rule);
  overflow-wrap: anywhere; }
th { color: var(--muted); font-weight: 500; border-top: 0; white-space: nowrap; }
td.number, td.time, td.share { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.move, td.by { overflow-wrap: normal; }
td.by { min-width: 7rem; }
td .minor { display: block; color: var(--muted); font-size: .88rem; }
tr.bad td.number { color: var(--bad); font-weight: 700; } tr.warn td.number { color: var(--warn); font-weight: 700; }
tr.good td.number { color: var(--good); font-weight: 700; }
.broken { color: var(--bad); font-weight: 600; }
footer { margin-top: 2rem; color: var(--muted); font-size: .85rem; }
@media (max-width: 760px) {
  thead { display: none; }
  tr { display: block; border-top: 1px solid var(--rule); padding: .5rem 0; }
  td { display: inline; border: 0; padding: 0 .6rem 0 0; }
  td.why, td.by { display: block; padding: .15rem 0 0; } }
@media print { body { max-width: none; } }
"""
