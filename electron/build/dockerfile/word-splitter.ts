import { isSpace } from './words.ts';

/** Collects words while a text is expanded: blanks separate unless they were quoted or escaped. */
export class WordSplitter {
  readonly #words: string[] = [];
  #word = '';

  addSplit(text: string): void {
    for (const character of text) {
      if (isSpace(character)) this.#end();
      else this.#word += character;
    }
  }

  addWhole(text: string): void {
    this.#word += text;
  }

  finish(): readonly string[] {
    this.#end();
    return this.#words;
  }

  #end(): void {
    if (this.#word !== '') this.#words.push(this.#word);
    this.#word = '';
  }
}
