/** Files that are wholly there or not at all, also after a power cut. */
export {
  makeFolder,
  moveInto,
  removeForGood,
  syncFile,
  syncFolder,
  syncTree,
  writeWhole,
} from '@rollcall/engine/disk/durable.js';

/** In the folder of a batch: it is in the lake, and what became of each of its files. */
export const readName = 'read.json';
/** In the folder of a batch: it was concluded from, and is not read again. */
export const doneName = 'done.json';
