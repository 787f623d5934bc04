/** How a command ends: all is well, it found problems, or it could not run as it was called or configured. */
export const exitCodes = { ok: 0, problems: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
