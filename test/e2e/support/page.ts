import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium, launchChromium } from '../../support/page/chromium.ts';
import { Cleanup } from './cleanup.ts';

/** The path of a Chromium; undefined, with a line on the console, when there is none. @throws Error instead when FAIRLEAD_E2E is `required`. */
export function findChromiumOrSkip(skipped: string): string | undefined {
  const path = findChromium();
  if (path !== undefined) return path;
  if (process.env['FAIRLEAD_E2E'] === 'required')
    throw new Error('FAIRLEAD_E2E=required, and there is no chromium');
  console.log(`!!  SKIPPED: ${skipped}: no chromium (package chromium, or CHROMIUM_BIN)`);
  return undefined;
}

export interface View {
  readonly scheme?: 'dark' | 'light';
  readonly size?: 'phone' | 'wide';
}

/** A browser, and what its pages have asked for and complained about. */
export class Visitor {
  readonly #cleanup = new Cleanup();
  readonly #browser: Browser;
  readonly #base: string;
  /** Requests to anybody but the page's own server. */
  readonly foreign: string[] = [];
  /** Errors and warnings of the console, among them what the Content-Security-Policy refuses. */
  readonly complaints: string[] = [];

  private constructor(browser: Browser, base: string) {
    this.#browser = browser;
    this.#base = base;
    this.#cleanup.add(() => browser.close());
  }

  static async start(executablePath: string, base: string): Promise<Visitor> {
    return new Visitor(await launchChromium(executablePath), base);
  }

  /** A page at a state of the status page, such as `?view=routes`. */
  async open(search: string, { scheme = 'light', size = 'wide' }: View = {}): Promise<Page> {
    const viewport = size === 'wide' ? { width: 1280, height: 800 } : { width: 390, height: 844 };
    const context: BrowserContext = await this.#browser.newContext({ viewport, colorScheme: scheme });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.#base}/`) && !url.startsWith('data:')) this.foreign.push(url);
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(`${this.#base}/${search}`);
    return page;
  }

  stop(): Promise<void> {
    return this.#cleanup.run();
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const findings = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});

/** What axe finds on a page: the rule and the elements. It runs beside the page, which would refuse its script. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(`${axe}; axe.run(document)`);
  return findings
    .parse(found)
    .violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
}
