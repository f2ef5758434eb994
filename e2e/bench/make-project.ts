import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const PER_FOLDER = 50;
/** Files younger than this are read once more by the next build: they may have changed within one tick of their time. */
const SETTLED_MS = 2100;

/** Text of about `bytes` that is the same each time for the same name and does not compress to nothing. */
function sourceText(name: string, bytes: number): string {
  let text = `// ${name}\n`;
  for (let line = 0; text.length < bytes; line += 1) {
    const word = createHash('sha256').update(`${name} ${line}`).digest('base64').slice(0, 24);
    text += `export const value${line} = '${word}';\n`;
  }
  return text;
}

/** A project of eight steps over `base` with so many source files of about `bytes` bytes, written a while ago. */
export async function makeProject(folder: string, base: string, files: number, bytes = 2000): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), eightSteps(base));
  await writeFile(join(folder, '.dockerignore'), '.git\n*.log\n');
  await writeFile(join(folder, 'package.json'), '{ "name": "bench" }\n');
  for (let at = 0; at < files; at += PER_FOLDER) {
    const part = join(folder, 'src', `part-${at / PER_FOLDER}`);
    await mkdir(part, { recursive: true });
    const names = Array.from(
      { length: Math.min(PER_FOLDER, files - at) },
      (_, index) => `file-${at + index}.ts`,
    );
    await Promise.all(names.map((name) => writeFile(join(part, name), sourceText(name, bytes))));
  }
  await setTimeout(SETTLED_MS);
}

function eightSteps(base: string): string {
  return `FROM ${base}
WORKDIR /app
COPY package.json ./
RUN mkdir modules && for i in $(seq 300); do echo "module $i" > modules/$i.js; done
COPY src ./src
RUN cat src/*/*.ts | wc -c > size.txt
COPY . .
CMD ["cat", "size.txt"]
`;
}

/** Changes one source file; another text for each `round`. */
export async function editProject(folder: string, round: number): Promise<void> {
  const name = 'file-7.ts';
  await writeFile(join(folder, 'src', 'part-0', name), sourceText(`${name} round ${round}`, 2000));
}

/** A project whose image has so many layers above its base, each of one file, the last one by a RUN step. */
export async function makeLayeredProject(folder: string, base: string, layers: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const copies = Array.from({ length: layers - 1 }, (_, at) => `COPY file-${at} /files/\n`);
  await Promise.all(
    copies.map((_, at) => writeFile(join(folder, `file-${at}`), sourceText(`file-${at}`, 2000))),
  );
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\n${copies.join('')}RUN ls /files > /list\n`);
}

/** A project of twenty steps that do next to nothing. */
export async function makeTrivialProject(folder: string, base: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const steps = Array.from({ length: 20 }, (_, at) => `RUN echo ${at} > /step-${at}\n`);
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\n${steps.join('')}`);
}
