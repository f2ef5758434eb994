import { readFile, writeFile } from 'node:fs/promises';

const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** Puts a text between the two marks of a Markdown file. Throws where the marks are missing. */
export async function putIntoReadme(path: string, text: string): Promise<void> {
  const old = await readFile(path, 'utf8');
  const [begin, end] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${path} lacks "${BEGIN}" or "${END}".`);
  await writeFile(path, `${old.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${old.slice(end)}`);
}
