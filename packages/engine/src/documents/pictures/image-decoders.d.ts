/** pdf.js ships no types for its decoders of pictures; these are the parts used. */
declare module 'pdfjs-dist/legacy/image_decoders/pdf.image_decoders.mjs' {
  export class JpegImage {
    width: number;
    height: number;
    parse(data: Uint8Array): void;
    getData(options: { width: number; height: number; forceRGB: boolean }): Uint8ClampedArray;
  }
  export const VerbosityLevel: { ERRORS: number };
  export function setVerbosityLevel(level: number): void;
}
