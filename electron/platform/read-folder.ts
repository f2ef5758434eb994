import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from './file-errors.ts';
import { createSlice } from './yield.ts';

/**
 * The JSON documents (`*.json`) in a folder, in no order; none when it does not exist. What is no JSON or goes away
 * meanwhile is left out. Thousands of small files are read several times faster in turns of a few milliseconds than by
 * a promise each, and others still get their turn.
 */
export async function readJsonFolder(folder: string): Promise<unknown[]> {
  const documents: unknown[] = [];
  const slice = createSlice();
  for (const name of namesIn(folder)) {
    if (!name.endsWith('.json') || name.startsWith('.')) continue;
    const document = readDocument(join(folder, name));
    if (document !== null) documents.push(document);
    if (slice.due()) await slice.pause();
  }
  return documents;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function readDocument(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
