/** Processing pipelines: read from YAML, applied to rules before they are planned. */
export { applyPipelines, applyPipelinesToAll, type PipelineContext, type PipelineResult } from './apply.js';
export type { Pipeline, PipelineItem } from './model.js';
export { parsePipeline } from './parse.js';
