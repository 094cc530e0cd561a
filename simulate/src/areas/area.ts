import type { Maker } from '../lookalikes/maker.js';
import type { World } from '../world.js';

/**
 * One part of the company's life that the others need not know of: what its people do there, honest or not, and the
 * exports that show it. An area keeps what it makes to itself; what others read stands on the person.
 */
export interface Area {
  name: string;
  /** What ring members do here, after the rings are formed. Notes each act with `plant`. */
  rings?(world: World): void;
  /** Honest circumstances that look like it. They befall people together with all others. */
  makers?: readonly Maker[];
  /** What happens to everybody here: ordinary days, so that the exports are not only of the odd ones. Last of the three. */
  everybody?(world: World): void;
  /** The exports of this area; only what the company would have. */
  write?(world: World, folder: string): Promise<void>;
}
