import type { HiddenReason } from '../types.js';

/** How an element shows, with what it takes over from those around it. */
export interface Shown {
  /** Why nothing in it is seen, whatever it says itself. */
  gone: HiddenReason | undefined;
  invisible: boolean;
  /** Points or pixels; undefined where it depends on the reader. */
  size: number | undefined;
  ink: Colour;
  paper: Colour;
  /** A class that pages give to words for screen readers. */
  forReaders: boolean;
}

/** Red, green, blue; undefined where it is a picture, a gradient or not known. */
type Colour = readonly [number, number, number] | undefined;

export const plainPage: Shown = {
  gone: undefined,
  invisible: false,
  size: 16,
  ink: [0, 0, 0],
  paper: [255, 255, 255],
  forReaders: false,
};

/** Words of this length are labels for people who listen to the page; more of them would be a text that is kept from view. */
export const longestLabel = 80;

const forReaders =
  /^(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|assistive-text|a11y-hidden|u-hidden-visually|skip-?(?:link|to-content)|hidden-accessible)$/;

export function shownAs(
  parent: Shown,
  classes: readonly string[],
  attributes: Readonly<Record<string, string>>,
  css: (name: string) => string | undefined,
): Shown {
  const size = sizeOf(css('font-size'), parent.size);
  const visibility = css('visibility');
  const ink = css('color') ?? attributes.color;
  const image = css('background-image');
  const background = css('background-color') ?? css('background') ?? attributes.bgcolor;
  let { paper } = parent;
  if (image !== undefined && image !== 'none') paper = undefined;
  else if (background !== undefined && !/^(?:transparent|none|inherit|initial|unset)\b/.test(background))
    paper = colourOf(background.split(/\s+/).length > 1 && !/^rgba?\(/.test(background) ? '' : background);
  return {
    gone: parent.gone ?? goneBy(attributes, css),
    invisible:
      visibility === undefined || visibility === 'inherit'
        ? parent.invisible
        : /^(?:hidden|collapse)$/.test(visibility),
    size,
    ink:
      ink === undefined || /^(?:inherit|unset|initial|currentcolor)/.test(ink)
        ? parent.ink
        : colourOf(ink.toLowerCase()),
    paper,
    forReaders: parent.forReaders || classes.some((one) => forReaders.test(one)),
  };
}

/** Why text of an element is not seen; `coloured` where nothing is laid over or under anything else by position. */
export function hiddenAs(shown: Shown, coloured: boolean): HiddenReason | undefined {
  if (shown.gone) return shown.gone;
  if (shown.invisible) return 'marked-hidden';
  if (shown.size !== undefined && shown.size < 2) return 'tiny';
  const { ink, paper } = shown;
  if (!coloured || !ink || !paper) return undefined;
  return ink.every((part, index) => Math.abs(part - (paper[index] ?? 999)) <= 8) ? 'same-colour' : undefined;
}

function goneBy(
  attributes: Readonly<Record<string, string>>,
  css: (name: string) => string | undefined,
): HiddenReason | undefined {
  const display = css('display');
  if (display === 'none' || ('hidden' in attributes && display === undefined)) return 'marked-hidden';
  if (/^0(?:\.0+)?%?$/.test(css('opacity') ?? '')) return 'invisible';
  if (
    /^rect\(\s*(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?[\s,]+(?:0|1)(?:px)?\s*\)$/.test(
      css('clip') ?? '',
    )
  )
    return 'marked-hidden';
  const away = ['left', 'top', 'right', 'bottom', 'text-indent', 'margin-left', 'margin-top'].some(
    (property) => /^-(?:\d{4,}|999)(?:\.\d+)?(?:px|pt|em|rem|vw|%)$/.test(css(property) ?? ''),
  );
  return away ? 'off-page' : undefined;
}

function sizeOf(text: string | undefined, parent: number | undefined): number | undefined {
  if (text === undefined || /^(?:inherit|unset)$/.test(text)) return parent;
  const match = /^([\d.]{1,8})(px|pt|em|rem|%)?$/.exec(text);
  if (!match) return undefined;
  const number = Number(match[1]);
  if (number === 0) return 0;
  switch (match[2]) {
    case 'px':
    case 'pt':
      return number;
    case 'rem':
      return number * 16;
    case 'em':
      return parent === undefined ? undefined : number * parent;
    case '%':
      return parent === undefined ? undefined : (number * parent) / 100;
    default:
      return undefined;
  }
}

const names: Readonly<Record<string, Colour>> = {
  white: [255, 255, 255],
  black: [0, 0, 0],
  snow: [255, 250, 250],
  ivory: [255, 255, 240],
  whitesmoke: [245, 245, 245],
};

function colourOf(text: string): Colour {
  if (Object.hasOwn(names, text)) return names[text];
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/.exec(text);
  const parts = short?.slice(1).map((part) => part + part) ?? long?.slice(1);
  if (parts) return parts.map((part) => Number.parseInt(part, 16)) as unknown as Colour;
  const rgb = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+1(?:\.0*)?)?\s*\)$/.exec(text);
  return rgb ? (rgb.slice(1, 4).map(Number) as unknown as Colour) : undefined;
}
