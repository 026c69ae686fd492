// The pod's own part of the page: shows the cart. It runs in a frame of its own, which reaches
// neither the page nor the network, and talks to it through messages (README.md tells which).
(() => {
  const style = document.createElement("style");
  style.textContent = "body{font:15px/1.5 system-ui,sans-serif;margin:0;padding:10px 16px;" +
    "border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent)}" +
    "ul{margin:0;padding:0;list-style:none}li{display:flex;gap:8px}li span{flex:1}" +
    "p{margin:4px 0 0;font-weight:600;text-align:right}:root{color-scheme:light dark}";
  document.head.append(style);

  const list = document.createElement("ul");
  const total = document.createElement("p");
  document.body.append(list, total);

  const money = (value) => Number(value).toFixed(2);

  function show(state) {
    const cart = Array.isArray(state?.cart) ? state.cart : [];
    list.replaceChildren(
      ...cart.slice(0, 50).map(({ dish, count, price }) => {
        const line = document.createElement("li");
        const what = document.createElement("span");
        what.textContent = `${count} × ${dish}`;
        line.append(what, money(count * price));
        return line;
      }),
    );
    total.textContent = cart.length === 0 ? "" : money(state.total);
    // The frame is as high as what is in it; without a cart it is gone.
    const height = cart.length === 0 ? 0 : document.documentElement.scrollHeight;
    parent.postMessage({ type: "resize", height }, "*");
  }

  addEventListener("message", ({ source, data }) => {
    if (source !== parent) return;
    if (data.type === "init" || data.type === "state") show(data.state);
  });
  parent.postMessage({ type: "ready" }, "*");
})();
