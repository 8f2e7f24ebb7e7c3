() => {
  const shine = colour => {
    const [r, g, b] = colour.match(/[\d.]+/g).slice(0, 3)
      .map(one => one / 255).map(one => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const own = element => [...element.childNodes].some(one => one.nodeType === 3 && one.textContent.trim());
  const shown = [...document.body.querySelectorAll("*")].filter(one => own(one) && one.getClientRects().length);
  let contrast = 21, faint = "";
  for (const one of shown) {
    const [low, high] = [shine(getComputedStyle(one).color), shine(ground(one))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < contrast) [contrast, faint] = [ratio, `${one.className || one.tagName} ${one.textContent.trim().slice(0, 12)}`];
  }
  const links = [...document.querySelectorAll("a")].filter(one => one.parentElement.textContent.trim() === one.textContent.trim());
  const right = Math.max(...[...document.body.querySelectorAll("*")].map(one => one.getBoundingClientRect().right));
  return {
    overflow: Math.max(0, right - document.documentElement.clientWidth),
    contrast, faint,
    tap: Math.min(...links.map(one => one.getBoundingClientRect().height), 1000),
  };
}
