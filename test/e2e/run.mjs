// Runs the end-to-end tests: `node test/e2e/run.mjs [arguments of vitest]`. Plain JavaScript, so that Node
// can start it; the rest is TypeScript.
import { tsImport } from 'tsx/esm/api';

const { runEndToEnd } = await tsImport('./support/run-end-to-end.ts', import.meta.url);
process.exitCode = await runEndToEnd(process.argv.slice(2));
