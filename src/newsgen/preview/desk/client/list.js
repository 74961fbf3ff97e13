/* The list of reports. */

import { make } from "./dom.js";

export async function view(desk, root) {
  const { reports } = await desk.call("GET", "reports");
  root.append(make("ul", {}, reports.map((report) =>
    make("li", {}, make("a", { href: `#/edit/${encodeURIComponent(report.path)}`, text: report.title })))));
}
