import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Express, RequestHandler, Response } from 'express';
import { acceptsGzip } from '../accepts-gzip.ts';
import { sendJson, sendText } from '../base-app.ts';

/** The files of the page, in the program that was built; see `scripts/build.mjs`. */
declare const FAIRLEAD_PAGE: PageFiles | undefined;

/** The page, bundled. */
export interface PageFiles {
  readonly script: string;
  readonly style: string;
}

const compress = promisify(gzip);

/** A ship's fairlead, seen from the front. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%23155e75'/%3E%3Cpath d='M7 22V13a9 9 0 0 1 18 0v9' fill='none' stroke='%23fff' stroke-width='4' stroke-linecap='round'/%3E%3Ccircle cx='16' cy='20' r='3' fill='%2367e8f9'/%3E%3C/svg%3E";

/**
 * The status page at `/`, for browsers: who asks for anything else gets what `otherwise` answers. Its two files have the hash of what is in them
 * in their names, so that they may be kept for ever.
 */
export function addPage(app: Express, otherwise: RequestHandler): void {
  let made: Promise<Page> | undefined;
  const read = (): Promise<Page> => (made ??= readFiles().then(toPage));
  app.get('/', (request, response, next) => {
    response.setHeader('Vary', 'Accept');
    if (request.accepts(['text/plain', 'text/html']) === 'text/html')
      read().then(({ html }) => sendText(response, 200, 'text/html; charset=utf-8', html), next);
    else void otherwise(request, response, next);
  });
  app.get('/page/:name', (request, response, next) => {
    const { name } = request.params;
    const zipped = acceptsGzip(request.headers['accept-encoding']);
    const answer = ({ files }: Page): void => {
      const file = files.get(name);
      if (file === undefined) sendJson(response, 404, { error: `the page has no file ${name}` });
      else send(response, file, zipped);
    };
    read().then(answer, next);
  });
}

interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
}

interface Page {
  readonly html: string;
  readonly files: ReadonlyMap<string, PageFile>;
}

async function toFile(type: string, text: string): Promise<PageFile> {
  const body = Buffer.from(text);
  return { type: `${type}; charset=utf-8`, body, gzip: await compress(body, { level: 9 }) };
}

async function toPage({ script, style }: PageFiles): Promise<Page> {
  const names = { script: `${toHash(script)}.js`, style: `${toHash(style)}.css` };
  return {
    html: toHtml(names),
    files: new Map([
      [names.script, await toFile('text/javascript', script)],
      [names.style, await toFile('text/css', style)],
    ]),
  };
}

/** Every address is relative, so that the page may also be served below a path. */
function toHtml({ script, style }: { readonly script: string; readonly style: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Fairlead</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="page/${style}">
<script type="module" src="page/${script}"></script>
</head>
<body>
<div id="page"></div>
<noscript>The page needs JavaScript. What it shows is at /api/status, /api/routes, /api/ports and /api/problems too.</noscript>
</body>
</html>
`;
}

function send(response: Response, { type, body, gzip: packed }: PageFile, zipped: boolean): void {
  const content = zipped ? packed : body;
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': content.length,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
    ...(zipped && { 'Content-Encoding': 'gzip' }),
  });
  response.end(content);
}

function toHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** From the sources, in tests and in development: Node alone does not understand TypeScript with JSX. */
async function readFiles(): Promise<PageFiles> {
  if (typeof FAIRLEAD_PAGE === 'object') return FAIRLEAD_PAGE;
  const script = new URL('../../../scripts/bundle-page.mjs', import.meta.url).href;
  const { bundlePage } = (await import(script)) as { bundlePage: () => Promise<PageFiles> };
  return bundlePage();
}
