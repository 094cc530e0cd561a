export type { AtOrAbove, Evaluation, Rate } from './evaluate.js';
export { evaluate, formatEvaluation } from './evaluate.js';
export { simulate } from './simulate.js';
export type { Behaviour, Label, Lookalike, Sophistication, Truth, TruthPerson } from './truth.js';
export type { Options as SimulationOptions } from './world.js';
