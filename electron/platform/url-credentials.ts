/** The header for the user and the password of an address; undefined where it has none. */
export function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const text = `${percentDecoded(username)}:${percentDecoded(password)}`;
  return `Basic ${Buffer.from(text).toString('base64')}`;
}

/** What `%40` and the like in a part of an address stand for; the part as it is where it holds other percent signs. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
