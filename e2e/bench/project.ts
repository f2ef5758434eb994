import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Name of the base image that every builder has before it is timed. */
export const BASE = 'strata-bench-base:1';

/** The 8 steps: settings, small and large copies, two commands. */
const DOCKERFILE = `FROM ${BASE}
WORKDIR /app
COPY package.json ./
RUN mkdir -p node_modules && cp package.json node_modules/installed.json
COPY src ./src
RUN find src -type f | wc -l > files.txt
ENV NODE_ENV=production
CMD ["cat", "files.txt"]
`;

/** Twenty commands that change next to nothing. */
const TRIVIAL = `FROM ${BASE}\n${Array.from({ length: 20 }, (_, i) => `RUN echo ${i} > /step\n`).join('')}`;

/** A context of `files` source files of 0.1 to 6 KB, the same on every run, beside a Dockerfile of 8 steps. */
export async function writeProject(folder: string, files: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), DOCKERFILE);
  await writeFile(join(folder, 'package.json'), '{"name":"bench"}\n');
  for (let i = 0; i < files; i += 1) {
    const place = join(folder, 'src', `part${i % 80}`);
    if (i < 80) await mkdir(place, { recursive: true });
    await writeFile(
      join(place, `file${i}.ts`),
      `// ${i}\n${'export const value = 1;\n'.repeat(4 + ((i * 7919) % 240))}`,
    );
  }
}

/** A context whose Dockerfile has twenty trivial commands. */
export async function writeTrivialProject(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'Dockerfile'), TRIVIAL);
}

/** Changes one source file; each round another text. */
export async function changeOneFile(folder: string, round: number): Promise<void> {
  await writeFile(join(folder, 'src', 'part3', 'file3.ts'), `// changed in round ${round}\n`);
}
