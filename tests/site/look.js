// Looks at the page that a browser shows, and gives what tests judge. A colour may let
// some of what is behind it through; what an element stands on is looked for upwards.
() => {
  const parse = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    return { rgb: [red, green, blue], alpha };
  };
  const over = (top, below) =>
    top.rgb.map((value, at) => value * top.alpha + below[at] * (1 - top.alpha));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    const own = parse(getComputedStyle(element).backgroundColor);
    return own.alpha === 1 ? own.rgb : over(own, ground(element.parentElement));
  };
  const brightness = (rgb) => {
    const [red, green, blue] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
  const contrast = (one, other) => {
    const [dark, bright] = [brightness(one), brightness(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const words = (element) =>
    [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.data.trim())
      .join("");
  const isSeen = (element) =>
    element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });

  const article = document.querySelector("article");
  const texts = [...article.querySelectorAll("*")].filter(
    (element) => words(element) && isSeen(element) && !element.closest(".headerlink"),
  );
  const faint = [];
  for (const element of texts) {
    const style = getComputedStyle(element);
    const isDrawn = element.namespaceURI.endsWith("svg");
    const behind = ground(element);
    const colour = over(parse(isDrawn ? style.fill : style.color), behind);
    const ratio = contrast(colour, behind);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${words(element).slice(0, 40)}`);
  }
  const drawn = texts.filter((element) => element.namespaceURI.endsWith("svg"));
  const sizes = drawn.map(
    (element) =>
      parseFloat(getComputedStyle(element).fontSize) * element.getScreenCTM().a,
  );
  const frame = document.querySelector(".picture svg")?.getBoundingClientRect();
  const outside = drawn.filter((element) => {
    const box = element.getBoundingClientRect();
    return box.left < frame.left || box.right > frame.right;
  });
  return {
    width: document.documentElement.scrollWidth,
    texts: texts.length,
    faint,
    smallest: sizes.length ? Math.min(...sizes) : null,
    outside: outside.map(words),
    ground: ground(article),
  };
};
