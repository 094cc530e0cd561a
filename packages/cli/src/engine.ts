export type { Progress } from '@rollcall/engine';
export type { FileAccount, PersonResult, ScanResult } from '@rollcall/engine/model/result.js';
