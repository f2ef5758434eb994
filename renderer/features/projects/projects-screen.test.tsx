import { afterEach, describe, expect, it } from 'vitest';
import { drawApp, leaveApps } from '#renderer/testing/draw-app.tsx';
import { hold } from '#renderer/testing/hold.ts';

afterEach(leaveApps);

describe('the projects screen', () => {
  it('offers a folder and the sample while there is nothing', async () => {
    const app = await drawApp('#/projects', { empty: true });
    await app.find('Open folder…');
    await app.click('Try the sample project…');
    await app.click('Create');
    await app.until('the new project', () => app.store.getState().navigation.route.screen === 'project');
    expect(app.words()).toContain('strata-sample');
  });

  it('offers what the terminal built, which then is a project', async () => {
    const app = await drawApp('#/projects', { empty: true, built: ['shop', 'api'] });
    await app.find('Open folder…');
    expect(app.words()).toContain('2 folders not among the projects yet');
    await app.click('Add api');
    await app.until('the project', () => app.store.getState().navigation.route.screen === 'project');
    app.store.getState().navigation.go({ screen: 'projects' });
    await app.find('Add shop');
    expect(app.all('Add api')).toHaveLength(0);
  });

  it('builds with one click what can be built, and shows the build', async () => {
    const app = await drawApp('#/projects');
    await app.find('Build web');
    expect(app.all('Build old-api')).toHaveLength(0);
    await app.click('Build web');
    await app.until('the build', () => app.store.getState().navigation.route.screen === 'build');
  });

  it('says what is wrong with a project, and forgets one after asking', async () => {
    const app = await drawApp('#/projects');
    await app.until('the problem', () => app.words().includes('The folder is not there any more.'));
    await app.click('More for old-api');
    await app.click('Remove from the list…');
    await app.click('Remove');
    await app.until('its end', () => !app.words().includes('old-api'));
  });
});

describe('build options from the list', () => {
  it('are filled from the Dockerfile of the project', async () => {
    const app = await drawApp('#/projects');
    await app.click('More for web');
    await app.click('Build options…');
    const version = (await app.find('Value of NODE_VERSION')) as HTMLInputElement;
    expect(version.value).toBe('20');
  });
});

describe('the folder chooser', () => {
  it('walks by keys, shows where a Dockerfile is, and opens the marked folder', async () => {
    const app = await drawApp('#/projects');
    await app.click('Open folder…');
    await app.press(await app.find('Folders in /home/ada'), 'c');
    await app.press(await app.find('Folders in /home/ada'), 'Enter');
    const list = await app.find('Folders in /home/ada/code');
    expect(app.all(/^web.*Dockerfile$/)).toHaveLength(1);
    await app.press(list, 'w');
    await app.click('Open web');
    await app.until('the project', () => app.store.getState().navigation.route.screen === 'project');
  });

  it('stays where it is when a typed path does not exist, and says so', async () => {
    const app = await drawApp('#/projects');
    await app.click('Open folder…');
    await app.find('Folders in /home/ada');
    await app.type('Path', '/nowhere');
    await app.press(await app.find('Path'), 'Enter');
    await app.until('the refusal', () => app.words().includes('There is no folder /nowhere.'));
    expect(app.all('Folders in /home/ada')).toHaveLength(1);
  });
});

describe('a slow host', () => {
  it('does not take away the path that is typed before the first folder is here', async () => {
    let slow: { letGo(): void } | undefined;
    const app = await drawApp('#/projects', {}, (client) => {
      const held = hold(client.folders.browse);
      slow = held;
      return { ...client, folders: { ...client.folders, browse: held.call } };
    });
    await app.click('Open folder…');
    const path = (await app.find('Path')) as HTMLInputElement;
    await app.type('Path', '/home/ada/code');
    slow?.letGo();
    await app.find('Folders in /home/ada');
    expect(path.value).toBe('/home/ada/code');
    await app.press(path, 'Enter');
    expect(path.value).toBe('/home/ada/code');
    slow?.letGo();
    await app.find('Folders in /home/ada/code');
    expect(app.store.getState().dialogs.open?.kind).toBe('add-project');
  });

  it('fills the build options from the Dockerfile that was named last', async () => {
    let slow: { letGo(at?: number): void; waiting(): number } | undefined;
    const app = await drawApp('#/projects', {}, (client) => {
      const held = hold((input: Parameters<typeof client.projects.source>[0]) => {
        const other = input.dockerfile?.endsWith('.two') === true;
        return client.projects.source({ id: input.id }).then((source) => ({
          ...source,
          args: source.args.slice(0, 1).map((arg) => ({ ...arg, name: other ? 'SECOND' : 'FIRST' })),
        }));
      });
      slow = held;
      return { ...client, projects: { ...client.projects, source: held.call } };
    });
    await app.click('More for web');
    await app.click('Build options…');
    await app.type('Dockerfile', 'Dockerfile.two');
    (await app.find('Dockerfile')).dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    await app.until('both are asked', () => slow?.waiting() === 2);
    slow?.letGo(1);
    await app.find('Value of SECOND');
    slow?.letGo();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(app.all('Value of SECOND')).toHaveLength(1);
    expect(app.all('Value of FIRST')).toHaveLength(0);
  });
});
