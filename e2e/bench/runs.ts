import { type Command, type Measured, measure } from './measure.ts';

/** One measured run of a case by a contender. */
export interface Run {
  readonly section: string;
  readonly name: string;
  /** Where a case is measured at several sizes: the size. */
  readonly at?: number | undefined;
  readonly contender: string;
  readonly measured: Measured;
  /** What was counted besides, such as calls of the kernel. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
}

/** The runs of a bench, told as they are made. */
export class Runs {
  readonly all: Run[] = [];

  note(run: Run): void {
    this.all.push(run);
    const { ms, cpuMs, peakBytes } = run.measured;
    const what = run.at === undefined ? run.name : `${run.name} ${run.at}`;
    const counts = Object.entries(run.counts ?? {}).map(([name, count]) => `, ${name} ${count}`);
    console.log(
      `${run.section.padEnd(11)} ${run.contender.padEnd(9)} ${what.padEnd(28)} ${(ms / 1000).toFixed(2)} s, ` +
        `cpu ${(cpuMs / 1000).toFixed(2)} s, peak ${Math.round(peakBytes / 1e6)} MB${counts.join('')}`,
    );
  }

  /** Runs a command and notes what it took. */
  async measure(
    about: Omit<Run, 'measured'>,
    command: Command,
    daemons?: readonly number[],
  ): Promise<Measured> {
    const measured = await measure(command, daemons);
    this.note({ ...about, measured });
    return measured;
  }
}

/** Has every contender do its work once a round, each round another one first. */
export async function alternate<T>(
  contenders: readonly T[],
  rounds: number,
  work: (contender: T, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    const first = (round - 1) % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)])
      await work(contender, round);
  }
}
