import type { TargetedKeyboardEvent, TargetedMouseEvent } from 'preact';
import type { PoolMap } from '../../../../model/listing.ts';
import { toCount, toNumber } from '../words.ts';
import { useWidth } from '../use-width.ts';
import { countStates, isPortState, states, type PortState } from './states.ts';

/** In units of the drawing: a cell with the gap behind it, and the cell alone. */
const pitch = 10;
const cell = 8;
/** The numbers of the rows stand there. */
const margin = 46;

export interface PoolMapProps {
  readonly map: PoolMap;
  /** The port that is chosen; NaN: none. */
  readonly port: number;
  readonly choose: (port: number, how: 'push' | 'replace') => void;
}

type Bank = PoolMap['banks'][number];

/** The ports of a pool, a cell each, bank by bank. Banks that were never opened are one line. */
export function PoolMapView(props: PoolMapProps) {
  const { map } = props;
  const lettersOf = ({ from, to }: Bank): string =>
    map.states.slice(from - map.range.from, to + 1 - map.range.from);
  const shown = map.banks.filter(
    (bank) => bank.bank === 0 || bank.state !== 'closed' || /[^.]/.test(lettersOf(bank)),
  );
  const hidden = map.banks.filter((bank) => !shown.includes(bank));
  const [frame, width] = useWidth<HTMLDivElement>();
  // Round numbers, so that a port is found by the one at the beginning of its row.
  const columns = width > 950 ? 100 : width > 480 ? 50 : 25;
  return (
    <div class="map" ref={frame}>
      {shown.map((bank) => (
        <BankMap
          key={bank.bank}
          {...props}
          bank={bank}
          letters={lettersOf(bank)}
          columns={columns}
          single={map.banks.length === 1}
        />
      ))}
      {hidden.length > 0 && (
        <p class="more">
          {toCount(hidden.length, 'more bank', 'more banks')} can be opened, with{' '}
          {toCount(
            hidden.reduce((sum, { from, to }) => sum + to - from + 1, 0),
            'port',
          )}
          .
        </p>
      )}
    </div>
  );
}

function BankMap(
  props: PoolMapProps & {
    readonly bank: Bank;
    readonly letters: string;
    readonly columns: number;
    readonly single: boolean;
  },
) {
  const { map, port, choose, bank, letters, columns, single } = props;
  const rows = Math.ceil(letters.length / columns);
  const counts = countStates(letters);
  const isChosen = port >= bank.from && port <= bank.to;
  const current = isChosen ? port : bank.from;
  const pick = (event: TargetedMouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const scale = (margin + columns * pitch) / box.width;
    const column = Math.floor(((event.clientX - box.left) * scale - margin) / pitch);
    const row = Math.floor(((event.clientY - box.top) * scale) / pitch);
    const picked = bank.from + row * columns + column;
    if (column >= 0 && column < columns && picked <= bank.to) choose(picked, 'push');
  };
  const step = (event: TargetedKeyboardEvent<SVGSVGElement>): void => {
    const moved = toStep(event.key, columns, current, bank);
    if (moved === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(Math.min(Math.max(moved, bank.from), bank.to), isChosen ? 'replace' : 'push');
  };
  return (
    <section class={`bank ${bank.state}`} aria-label={single ? 'The ports' : `Bank ${bank.bank}`}>
      <h2>
        {single ? `${bank.from}–${bank.to}` : `Bank ${bank.bank}`}
        <span class="aside">
          {!single && (
            <>
              <span class={`state ${bank.state}`}>{bank.state}</span> {bank.from}–{bank.to} ·{' '}
            </>
          )}
          {toNumber(counts.h + counts.o)} held · {toNumber(counts.c)} cooling · {toNumber(counts.f)} free
        </span>
      </h2>
      <svg
        class="cells"
        viewBox={`0 0 ${margin + columns * pitch} ${rows * pitch}`}
        role="slider"
        tabindex={0}
        aria-label={`Port, ${bank.from} to ${bank.to}`}
        aria-valuemin={bank.from}
        aria-valuemax={bank.to}
        aria-valuenow={current}
        aria-valuetext={`${current}, ${describe(letters[current - bank.from])}`}
        onClick={pick}
        onKeyDown={step}
      >
        <Labels bank={bank} columns={columns} rows={rows} />
        {(Object.keys(states) as PortState[]).map((state) => (
          <path key={state} class={`s-${state === '.' ? 'x' : state}`} d={draw(letters, state, columns)} />
        ))}
        {map.requestable !== null && <Band bank={bank} band={map.requestable} columns={columns} />}
        {isChosen && (
          <rect
            class="chosen"
            x={margin + ((port - bank.from) % columns) * pitch - 1.5}
            y={Math.floor((port - bank.from) / columns) * pitch - 0.5}
            width={cell + 3}
            height={cell + 3}
          />
        )}
      </svg>
    </section>
  );
}

function toStep(key: string, columns: number, port: number, { from, to }: Bank): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: port + 1,
    ArrowLeft: port - 1,
    ArrowDown: port + columns,
    ArrowUp: port - columns,
    PageDown: port + columns * 10,
    PageUp: port - columns * 10,
    Home: from,
    End: to,
  };
  return steps[key];
}

function Labels({
  bank,
  columns,
  rows,
}: {
  readonly bank: Bank;
  readonly columns: number;
  readonly rows: number;
}) {
  return (
    <>
      {Array.from({ length: rows }, (_, row) => (
        <text key={row} x={margin - 8} y={row * pitch + cell - 0.5} aria-hidden="true">
          {bank.from + row * columns}
        </text>
      ))}
    </>
  );
}

/** A line under the ports that may be asked for by number. */
function Band(props: {
  readonly bank: Bank;
  readonly band: { readonly from: number; readonly to: number };
  readonly columns: number;
}) {
  const { bank, band, columns } = props;
  const from = Math.max(bank.from, band.from) - bank.from;
  const to = Math.min(bank.to, band.to) - bank.from;
  const pieces: string[] = [];
  for (let start = from; start <= to; start = (Math.floor(start / columns) + 1) * columns) {
    const end = Math.min(to, (Math.floor(start / columns) + 1) * columns - 1);
    const y = Math.floor(start / columns) * pitch + cell + 1;
    pieces.push(`M${margin + (start % columns) * pitch} ${y}h${(end - start) * pitch + cell}`);
  }
  return <path class="band" d={pieces.join('')} />;
}

/** How far a cell of a state is drawn from the edge: so it can be told without its colour. */
const inset: Readonly<Record<PortState, number>> = { h: 0, c: 2, l: 0, o: 1, f: 2.5, '.': 3.25 };

function draw(letters: string, state: PortState, columns: number): string {
  const side = cell - 2 * inset[state];
  const pieces: string[] = [];
  for (let index = letters.indexOf(state); index >= 0; index = letters.indexOf(state, index + 1)) {
    const x = margin + (index % columns) * pitch + inset[state];
    const y = Math.floor(index / columns) * pitch + inset[state];
    pieces.push(`M${x} ${y}h${side}v${side}h-${side}z`);
  }
  return pieces.join('');
}

function describe(letter: string | undefined): string {
  return isPortState(letter) ? states[letter] : '';
}
