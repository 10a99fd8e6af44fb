import type { PanelSurface } from './panel-driver.ts';

/** Least contrast of text, WCAG 2.2 level AA (https://www.w3.org/TR/WCAG22/#contrast-minimum). */
const LEAST = 4.5;

/** Every visible text of a panel that stands out less than it should, with its colours. Disabled controls are exempt. */
export function poorContrasts(panel: PanelSurface): Promise<readonly string[]> {
  return panel.locator('body').evaluate((body, least) => {
    type Colour = readonly [number, number, number, number];
    // Whatever notation a colour is computed in, a pixel of it says what it is.
    const pixel = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const parse = (text: string): Colour => {
      if (!pixel) throw new Error('no canvas');
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = text;
      pixel.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = pixel.getImageData(0, 0, 1, 1).data;
      return [red, green, blue, alpha / 255];
    };
    const over = (top: Colour, below: Colour): Colour => {
      const mix = (a: number, b: number) => a * top[3] + b * (1 - top[3]);
      return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
    };
    const backOf = (element: Element | null): Colour => {
      if (!element) return [255, 255, 255, 1];
      const own = parse(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, backOf(element.parentElement));
    };
    const luminance = ([red, green, blue]: Colour) => {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ratio = (a: Colour, b: Colour) => {
      const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, two) => one - two);
      return (light + 0.05) / (dark + 0.05);
    };
    const poor: string[] = [];
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (!element || text === '' || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
        continue;
      if (element.closest(':disabled, [aria-disabled="true"], script, style, .sr-only')) continue;
      const back = backOf(element);
      const front = over(parse(getComputedStyle(element).color), back);
      const found = ratio(front, back);
      if (found < least)
        poor.push(`${found.toFixed(2)} “${text.slice(0, 40)}” ${element.className || element.tagName}`);
    }
    return poor;
  }, LEAST);
}
