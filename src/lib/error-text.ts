/** The code of a failed system call, such as `ENOSPC`; undefined for any other error. */
export function toErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

const causes: Readonly<Record<string, string>> = {
  EACCES: 'Fairlead may not do that there: give its user the right to write in the folder',
  EPERM: 'Fairlead may not do that there: give its user the right to write in the folder',
  EDQUOT: 'the disk quota is used up: make room',
  EFBIG: 'the file may not become that large: raise the limit of the process',
  EIO: 'the disk fails: look at the log of the machine',
  EISDIR: 'it is a folder: name a file',
  ELOOP: 'its symbolic links go round in circles: mend them',
  ENOENT: 'the folder does not exist: make it',
  ENOSPC: 'the disk is full: make room',
  ENOTDIR: 'a part of the path is no folder: name another file',
  EROFS: 'the file system is read-only: mount it writable, or name a file elsewhere',
  NOT_REGULAR: 'it is a device, a pipe or a socket: name a regular file',
  TOO_LARGE: 'it is far larger than such a file can be: name another',
};

/** Where a file that is there already was to be read. */
const readCauses: typeof causes = {
  ...causes,
  EACCES: 'Fairlead may not read it: give its user the right to',
  EPERM: 'Fairlead may not read it: give its user the right to',
  ENOENT: 'there is no such file: mend the path',
};

/** What went wrong when a file was written and how to mend it, as the end of a sentence. */
export function toFileErrorText(error: unknown): string {
  return toText(error, causes);
}

/** The same of a file that was to be read, and is not Fairlead's own. */
export function toReadErrorText(error: unknown): string {
  return toText(error, readCauses);
}

function toText(error: unknown, known: typeof causes): string {
  const code = toErrorCode(error);
  const cause = code === undefined ? undefined : known[code];
  return cause === undefined ? String(error) : `${cause} (${code})`;
}
