/** `event_count`: the number of records. 24 bytes a record. */
import { QueueWindows } from './queue-windows.js';
import type { WindowRule } from './window.js';

export class CountWindows extends QueueWindows {
  constructor(rule: WindowRule) {
    super(2, rule);
  }

  add(group: number, time: number, ref: number, from: number): number {
    this.expire(group, from);
    this.push(group, time, ref);
    return this.queues.count(group);
  }

  protected forget(group: number, count: number): void {
    for (let i = 0; i < count; i++) this.queues.shift(group);
  }
}
