"use strict";
(function () {
  const all = (s) => Array.from(document.querySelectorAll(s));
  const items = all("details.item");
  const tools = document.querySelector(".tools");
  const open = (yes) => items.forEach((d) => { if (!d.hidden) d.open = yes; });
  const reveal = () => {
    const d = location.hash && document.getElementById(location.hash.slice(1));
    if (d && d.matches("details")) { d.open = true; d.scrollIntoView(); }
  };
  if (tools) {
    tools.hidden = false;
    const box = tools.querySelector("input");
    const hits = tools.querySelector("[data-hits]");
    const text = new Map(items.map((d) => [d, d.textContent.toLowerCase()]));
    box.addEventListener("input", () => {
      const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      items.forEach((d) => {
        d.hidden = !words.every((w) => text.get(d).includes(w));
        if (!d.hidden) n++;
      });
      all(".group").forEach((g) => {
        const own = Array.from(g.querySelectorAll("details.item"));
        g.hidden = own.length > 0 && own.every((d) => d.hidden);
      });
      hits.textContent = words.length ? n + " of " + items.length : "";
    });
    tools.querySelector("[data-open]").addEventListener("click", () => open(true));
    tools.querySelector("[data-close]").addEventListener("click", () => open(false));
  }
  let were = [];
  addEventListener("beforeprint", () => { were = items.filter((d) => d.open); open(true); });
  addEventListener("afterprint", () => items.forEach((d) => { d.open = were.includes(d); }));
  addEventListener("hashchange", reveal);
  reveal();
})();
