/** Every error a user can meet has a code that programs can rely on. */
export type ErrorCode =
  | 'CONTENT_INVALID'
  | 'FOLDER_MISSING'
  | 'LAKE_DAMAGED'
  | 'LAKE_LOCKED'
  | 'LAKE_MISSING'
  | 'POLICY_INVALID'
  | 'MAPPING_INVALID'
  | 'QUERY_FAILED'
  | 'ARGUMENT_INVALID'
  | 'REPORT_MISSING'
  | 'FOLDER_TAKEN'
  | 'STORE_DAMAGED'
  | 'STORE_UNREACHABLE'
  | 'STORE_VERSION'
  | 'BACKUP_DAMAGED';

export class RollcallError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'RollcallError';
  }
}
