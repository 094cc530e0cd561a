/** pdf.js ships no types for its worker; it is only loaded. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs';
