// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The style of the HTML page and of the drawings in it, for light and dark screens and for paper.
// A constant.
namespace catena::report {

inline constexpr std::string_view kPageStyle = R"css(
:root{--ink:#1d2430;--soft:#5b6573;--faint:#98a1ad;--line:#e3e7ec;--paper:#ffffff;--ground:#f4f6f8;
--accent:#1f6f8b;--info:#8a94a1;--low:#3d87c9;--medium:#d99a00;--high:#d9472b;--critical:#9c1f6b}
@media (prefers-color-scheme:dark){:root{--ink:#e6e9ee;--soft:#a6afbb;--faint:#6b7583;--line:#2c343f;
--paper:#1a2029;--ground:#12171e;--accent:#6fc3dd;--info:#8a94a1;--low:#5aa5e6;--medium:#e8b02e;
--high:#f0694e;--critical:#d65aa4}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1200px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:17px;margin:0 0 12px}
section{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:20px 22px;
margin:18px 0}
code,.id{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:12.5px;
overflow-wrap:anywhere}
.quiet{color:var(--soft)}
.badge{display:inline-block;padding:2px 10px;border-radius:999px;color:#fff;font-weight:600;
font-size:13px;vertical-align:4px;margin-left:10px;text-transform:uppercase;letter-spacing:.04em}
.sv-low{background:var(--low)}.sv-medium{background:var(--medium)}.sv-high{background:var(--high)}
.sv-critical{background:var(--critical)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(210px,1fr));gap:14px 24px;margin:0}
.facts dt{color:var(--soft);font-size:12.5px}
.facts dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.facts dd span{font-weight:400;color:var(--soft)}
svg{width:100%;height:auto;display:block;font-family:inherit}
svg text{fill:var(--ink);font-size:12.5px}
svg .absent{fill:var(--faint)}svg .guessed{font-style:italic}
svg .rule{stroke:var(--line);stroke-width:1}
svg .tick{stroke:var(--line);stroke-width:1;stroke-dasharray:2 4}
svg .tick-text{fill:var(--soft);font-size:11.5px}svg .day-text{fill:var(--faint);font-size:11px}
svg .gap{fill:var(--ground);stroke:var(--line);stroke-dasharray:3 3}
svg .gap-text{fill:var(--faint);font-size:10.5px}
svg .bar{stroke:var(--accent);stroke-width:6;stroke-linecap:round;opacity:.28}
svg .link{fill:none;stroke:var(--accent);stroke-width:1.4;opacity:.55}
svg circle{stroke:var(--paper);stroke-width:1.2}
svg .inferred{fill:var(--paper);stroke:var(--accent);stroke-width:1.8;stroke-dasharray:2.5 2}
.lv-informational{fill:var(--info);background:var(--info)}.lv-low{fill:var(--low);background:var(--low)}
.lv-medium{fill:var(--medium);background:var(--medium)}.lv-high{fill:var(--high);background:var(--high)}
.lv-critical{fill:var(--critical);background:var(--critical)}
.key{display:flex;flex-wrap:wrap;gap:6px 18px;margin:10px 0 0;font-size:12.5px;color:var(--soft)}
.key i{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:6px}
.key i.ring{border:1.8px dashed var(--accent)}
.day{margin:22px 0 8px;font-weight:600;color:var(--soft)}
.step{display:grid;grid-template-columns:76px 210px 1fr;gap:4px 16px;padding:12px 0;
border-top:1px solid var(--line)}
.step time{font-variant-numeric:tabular-nums;font-weight:600}
.step .who{font-size:13px;color:var(--soft);overflow-wrap:anywhere}
.step .who b{color:var(--ink);font-weight:600}
.step h3{font-size:15px;margin:0 0 3px;font-weight:600;overflow-wrap:anywhere}
.dot{display:inline-block;width:10px;height:10px;border-radius:50%;margin-right:8px}
.step p{margin:2px 0;font-size:13.5px;overflow-wrap:anywhere}
.step .why{color:var(--accent)}
details{font-size:13px;color:var(--soft);margin-top:4px}
details[open] summary{margin-bottom:4px}
summary{cursor:pointer}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--ground);border:1px solid var(--line);
border-radius:6px;padding:8px 10px;margin:4px 0;font-size:12px;color:var(--ink);
font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace}
table{border-collapse:collapse;width:100%;font-size:14px}
th{color:var(--soft);font-weight:500;font-size:12.5px}
th,td{text-align:left;vertical-align:top;padding:7px 14px 7px 0;border-top:1px solid var(--line);
overflow-wrap:anywhere}
tr:first-child th{border-top:0;white-space:nowrap}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
footer{color:var(--soft);font-size:12.5px;margin-top:26px}
@media (max-width:760px){.step{grid-template-columns:64px 1fr}.step .what{grid-column:1/-1}}
@media print{body{background:#fff}section{break-inside:auto;border-color:#ccc}.step{break-inside:avoid}}
)css";

}  // namespace catena::report
