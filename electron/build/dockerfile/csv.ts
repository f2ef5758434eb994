import { AppError } from '#shared/errors/app-error.ts';

/** The fields of one comma-separated record (RFC 4180): a field may stand in double quotes. Throws `invalid-input`. */
export function readCsvRecord(text: string): string[] {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    const quoted = text.charAt(at) === '"';
    const { field, end } = quoted ? readQuoted(text, at + 1) : readPlain(text, at);
    fields.push(field);
    if (end >= text.length) return fields;
    at = end + 1;
  }
}

function readPlain(text: string, start: number): { field: string; end: number } {
  const comma = text.indexOf(',', start);
  const end = comma < 0 ? text.length : comma;
  const field = text.slice(start, end);
  if (field.includes('"')) throw broken(text, 'a quote stands in the middle of a field');
  return { field, end };
}

function readQuoted(text: string, start: number): { field: string; end: number } {
  let field = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character !== '"') field += character;
    else if (text.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (at + 1 < text.length && text.charAt(at + 1) !== ',') {
      throw broken(text, 'something follows a closing quote');
    } else return { field, end: at + 1 };
  }
  throw broken(text, 'a quote is not closed');
}

function broken(text: string, why: string): AppError {
  return new AppError('invalid-input', `"${text}" is not a list of comma-separated values: ${why}.`, {
    hint: 'Put a value that contains a comma into double quotes, as a whole: "target=/a,b".',
  });
}
