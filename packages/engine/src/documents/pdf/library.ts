/// <reference path="./pdf-worker.d.ts" />
import { keepingNatives } from '../natives.js';

/**
 * pdf.js, loaded once and only when the first PDF comes. It expects a browser: the four names below are looked for while
 * it is loaded, for drawing, which is never done here.
 */
export type PdfLibrary = typeof import('pdfjs-dist/legacy/build/pdf.mjs');

let loaded: Promise<PdfLibrary> | undefined;

export function loadPdfLibrary(): Promise<PdfLibrary> {
  loaded ??= load();
  return loaded;
}

class Unused {}
class LoadedFont {
  loaded = Promise.resolve(this);
  family = '';
}

async function load(): Promise<PdfLibrary> {
  const names: Record<string, unknown> = {
    DOMMatrix: Unused,
    ImageData: Unused,
    Path2D: Unused,
    FontFace: LoadedFont,
  };
  for (const [name, value] of Object.entries(names))
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  // It warns on the console that it cannot draw, which is what we want.
  const { warn } = console;
  console.warn = () => {};
  try {
    return await keepingNatives(async () => {
      // Its worker's code runs in this thread; loaded here, it is not loaded again later.
      await import('pdfjs-dist/legacy/build/pdf.worker.mjs');
      return import('pdfjs-dist/legacy/build/pdf.mjs');
    });
  } finally {
    console.warn = warn;
  }
}
