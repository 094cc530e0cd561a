/** What can go wrong: the folder cannot be used, its files are damaged, or an argument makes no sense. */
export type PassageErrorCode = 'FOLDER_INVALID' | 'INDEX_DAMAGED' | 'ARGUMENT_INVALID' | 'CLOSED';

export class PassageError extends Error {
  constructor(
    readonly code: PassageErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'PassageError';
  }
}
