const mebibyte = 1024 * 1024;

/** Bounds of manifest files, held before the work is done. */
export const limits = {
  /** Bytes of one file. YAML costs a hundred times what JSON does. */
  yamlBytes: 4 * mebibyte,
  jsonBytes: 64 * mebibyte,
  /** Pieces that a YAML text is divided into. An ordinary file of the largest size has half of it; one of nothing but brackets would have more. */
  yamlPieces: 3_000_000,
  /** Texts, numbers, lists and mappings of one object that is read. The API server takes none of a tenth of that. */
  objectValues: 100_000,
  /** Of all files of a folder together. */
  folderBytes: 512 * mebibyte,
  folderValues: 10_000_000,
} as const;

/**
 * How many bytes a file may have to be read at once, in slices; the worst of this size holds up the process for some 50 ms. Larger ones are
 * read in a thread of their own.
 */
export function toSmallBytes(path: string): number {
  return (path.endsWith('.json') ? 256 : 24) * 1024;
}

/** How many bytes of a file are read at most. */
export function toMaxBytes(path: string): number {
  return path.endsWith('.json') ? limits.jsonBytes : limits.yamlBytes;
}
