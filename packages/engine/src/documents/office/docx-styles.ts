import type { Limits } from '../limits.js';
import { readXml } from '../xml.js';

/** What a style or a run says of how its text shows; `undefined` where it leaves that to what it is based on. */
export interface Look {
  vanish?: boolean;
  /** `rrggbb` in lower case, or `other` for one that cannot be told. */
  ink?: string;
  /** Behind the text: `rrggbb`, `other`, or `none`. */
  paper?: string;
  tiny?: boolean;
}

export interface DocxStyles {
  /** What a style gives, with all it is based on; `undefined` for one that is not known. */
  of(id: string): Look | undefined;
  /** What every run starts from, and the style of paragraphs that name none. */
  base: Look;
}

const off = (value: string | undefined): boolean =>
  value === '0' || value === 'false' || value === 'none' || value === 'off';

/** A theme colour has its value beside its name. */
const hex = (value: string | undefined): string => {
  const text = value?.toLowerCase() ?? '';
  return /^[0-9a-f]{6}$/.test(text) ? text : 'other';
};

/** Takes what one element inside run or paragraph properties says (ECMA-376 part 1, 17.3.2). */
export function takeLook(look: Look, name: string, attributes: Readonly<Record<string, string>>): void {
  const value = attributes['w:val'] ?? attributes.val;
  switch (name) {
    case 'vanish':
      look.vanish = !off(value);
      break;
    case 'color':
      // `auto` is black on light paper and white on dark.
      look.ink = value === 'auto' || value === undefined ? 'auto' : hex(value);
      break;
    case 'sz':
      // Half points.
      look.tiny = /^\d+$/.test(value ?? '') && Number(value) > 0 && Number(value) < 4;
      break;
    case 'highlight':
      look.paper = off(value) ? 'none' : 'other';
      break;
    case 'shd': {
      const { fill } = attributes;
      const pattern = value !== undefined && value !== 'clear' && value !== 'nil';
      if (pattern) look.paper = 'other';
      else if (fill !== undefined && fill !== 'auto') look.paper = hex(fill);
      else look.paper = 'themeFill' in attributes ? 'other' : 'none';
      break;
    }
    default:
  }
}

/** `styles.xml` (17.7). */
export function readStyles(bytes: Uint8Array, limits: Limits): DocxStyles {
  const styles = new Map<string, { basedOn?: string; look: Look }>();
  const base: Look = {};
  let current: { basedOn?: string; look: Look } | undefined;
  let byDefault: string | undefined;
  let inDefaults = false;
  let inProperties = 0;
  readXml(bytes, limits, 'styles.xml', {
    open(name, attributes) {
      const id = attributes['w:styleId'] ?? attributes.styleId;
      if (name === 'style') {
        current = { look: {} };
        if (id !== undefined && styles.size < 20_000) styles.set(id, current);
        const isDefault = attributes['w:default'] ?? attributes.default;
        if (
          (attributes['w:type'] ?? attributes.type) === 'paragraph' &&
          isDefault !== undefined &&
          !off(isDefault)
        )
          byDefault = id;
      } else if (name === 'docDefaults') inDefaults = true;
      else if (name === 'tblStylePr') current = undefined;
      else if (name === 'basedOn' && current) current.basedOn = attributes['w:val'] ?? attributes.val ?? '';
      else if (name === 'rPr' || name === 'pPr') inProperties++;
      else if (inProperties > 0 && inDefaults) takeLook(base, name, attributes);
      else if (inProperties > 0 && current) takeLook(current.look, name, attributes);
    },
    close(name) {
      if (name === 'style') current = undefined;
      else if (name === 'docDefaults') inDefaults = false;
      else if (name === 'rPr' || name === 'pPr') inProperties--;
    },
  });
  const of = (id: string): Look | undefined => {
    if (!styles.has(id)) return undefined;
    const chain: Look[] = [];
    let style = styles.get(id);
    // Bounded: styles may be based on each other in a circle.
    for (let step = 0; style && step < 20; step++) {
      chain.push(style.look);
      style = style.basedOn === undefined ? undefined : styles.get(style.basedOn);
    }
    return Object.assign({}, ...chain.reverse());
  };
  return { of, base: { ...base, ...(byDefault === undefined ? {} : of(byDefault)) } };
}
