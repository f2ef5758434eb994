import { afterEach, describe, expect, it } from 'vitest';
import { type DrawnApp, drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';

afterEach(leaveApps);

async function pushing(target: string): Promise<DrawnApp> {
  const app = await drawApp('#/images', { beat: 2 });
  await app.until('the images', () => app.words().includes('acme/worker'));
  app.store.getState().dialogs.show({
    kind: 'push-image',
    image: {
      engine: 'builtin',
      id: app.host.images()[0]?.id ?? '',
      ref: 'acme/web:1.4.2',
      name: 'acme/web:1.4.2',
    },
    target,
  });
  await app.find('Where to');
  return app;
}

const isOff = (element: HTMLElement | undefined): boolean =>
  (element as HTMLButtonElement | undefined)?.disabled ?? false;

describe('the dialog of a copy', () => {
  it('ends with what was copied and where to, not with a push', async () => {
    const [from, to] = ['acme/web:1.4.2', 'ghcr.io/acme/web:2.0.0'];
    const app = await drawApp('#/images', { beat: 2 });
    await app.until('the images', () => app.words().includes('acme/worker'));
    app.store.getState().dialogs.show({ kind: 'copy-image', from, to });
    await app.until('the answer', () => app.words().includes('2.0.0 is not there yet.'));
    await app.click('Copy');
    await app.until('the end', () => app.words().includes(`${from} is copied to ${to}`));
    expect(app.words()).not.toContain('is pushed');
  });
});

describe('the push dialog', () => {
  it('names the host and who one is there', async () => {
    const app = await pushing('ghcr.io/acme/web:2.0.0');
    await app.until('the answer', () => app.words().includes('2.0.0 is not there yet.'));
    expect(app.words()).toContain('to ghcr.io');
    expect(app.words()).toContain('signed in as acme-bot');
  });

  it('does not move a tag of other content unless it is told to', async () => {
    const app = await pushing('ghcr.io/acme/web:1.4.2');
    await app.until('the warning', () =>
      app.words().includes('1.4.2 already exists there and points to other content'),
    );
    expect(isOff(app.all('Push')[0])).toBe(true);
    await app.click('Move the tag on purpose');
    await app.click('Move the tag and push');
    await app.until('the end', () => app.words().includes('is pushed'));
    expect(app.words()).toContain('To deploy exactly these bytes');
    expect(app.words()).toContain('already there');
  });

  it('offers the next version, which is free', async () => {
    const app = await pushing('ghcr.io/acme/web:1.4.2');
    await app.click('Push as 1.4.3');
    await app.until('the answer', () => app.words().includes('1.4.3 is not there yet.'));
    expect((await app.find('Where to')) as HTMLInputElement).toMatchObject({
      value: 'ghcr.io/acme/web:1.4.3',
    });
    expect(isOff(app.all('Push')[0])).toBe(false);
  });

  it('offers the other names of the image', async () => {
    const app = await pushing('acme/web:1.4.2');
    const name = await app.find('acme/web:1.4');
    expect([name.ariaPressed ?? name.getAttribute('aria-pressed')]).toEqual(['false']);
    await app.click('acme/web:1.4');
    expect((await app.find('Where to')) as HTMLInputElement).toMatchObject({ value: 'acme/web:1.4' });
    await app.until('the answer', () => app.words().includes('1.4 is there already with the same content'));
  });

  it('lets a floating tag move without a word of warning', async () => {
    const app = await pushing('ghcr.io/acme/web:latest');
    await app.until('the answer', () => app.words().includes('is a name that moves'));
    expect(isOff(app.all('Push')[0])).toBe(false);
  });

  it('says at once that a target is no reference', async () => {
    const app = await pushing('ghcr.io/acme/web:1');
    await app.type('Where to', 'Bad Name');
    await app.until('the words', () => app.words().includes('is not an image reference'));
    expect(isOff(app.all('Push')[0])).toBe(true);
  });

  it('tells a refusal in plain words, with the way to sign in', async () => {
    const app = await pushing('denied.example.com/web:1');
    await app.click('Push');
    await app.until('the refusal', () =>
      app.words().includes('did not accept the push: you are not signed in'),
    );
    await app.click('Sign in to denied.example.com…');
    expect(app.store.getState().dialogs.open).toMatchObject({
      kind: 'sign-in',
      host: 'denied.example.com',
      next: { kind: 'push-image', target: 'denied.example.com/web:1' },
    });
  });

  it('goes on in the background and comes back from the status bar', async () => {
    const app = await pushing('ghcr.io/acme/web:2.0.0');
    await app.click('Push');
    await app.click('Run in background');
    expect(app.store.getState().dialogs.open).toBeNull();
    await app.find('Show').then((button) => button.click());
    await app.until('the digest', () => app.words().includes('To deploy exactly these bytes'));
  });
});

describe('the pull dialog', () => {
  it('says where a short name leads, and shows the image at the end', async () => {
    const app = await drawApp('#/images', { beat: 2 });
    app.store.getState().dialogs.show({ kind: 'pull-image' });
    await app.type('Image', 'nginx');
    expect(app.words()).toContain('library/nginx:latest from Docker Hub');
    await app.click('Pull');
    await app.click('Show the image');
    expect(app.store.getState().navigation.route.screen).toBe('image');
  });

  it('tells what is to know of an image that came all the same', async () => {
    const app = await drawApp('#/images', { beat: 2 });
    app.store.getState().dialogs.show({ kind: 'pull-image' });
    await app.type('Image', 'public.example.com/web:1');
    await app.click('Pull');
    await app.until('the end', () => app.words().includes('public.example.com/web:1 is here'));
    expect(app.words()).toContain('docker-credential-desktop, which is to know the sign-in');
  });

  it('stays with the form when the host refuses the name', async () => {
    const app = await drawApp('#/images');
    app.store.getState().dialogs.show({ kind: 'pull-image' });
    await app.type('Image', 'Bad Name');
    await app.click('Pull');
    await app.until('the words', () => app.words().includes('Write it like acme/web:1.0.'));
    expect(app.store.getState().dialogs.open?.kind).toBe('pull-image');
  });
});
