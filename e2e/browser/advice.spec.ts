import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '../fixtures/browser-test.ts';
import { NODE_PROJECT } from '../fixtures/course.ts';
import { finished } from '../fixtures/events.ts';
import { ProjectPage } from '../pages/project-page.ts';
import { ProjectsPage } from '../pages/projects-page.ts';

const DOCKERFILE = `FROM node:20-slim
WORKDIR /app
COPY . .
RUN npm ci
RUN apk add curl || true
RUN apk add git || true
RUN mkdir -p /root/.npm/_cacache && dd if=/dev/urandom of=/root/.npm/_cacache/index bs=1M count=7
CMD ["node", "src/server.js"]
`;

test('advice counts what the order cost, finds caches and RUNs that could be one, and leads to the lines', async ({
  app,
  box,
}) => {
  const folder = await box.files('home/shop', { ...NODE_PROJECT, Dockerfile: DOCKERFILE });
  const { page } = app;
  const project = new ProjectPage(app);
  await new ProjectsPage(app).openFolder(folder);
  const tab = page.getByRole('tab', { name: /^Advice/ });
  await tab.click();
  // Of a project that was never built only what its text tells.
  const panel = page.getByRole('tabpanel', { name: /^Advice/ });
  await expect(panel).toContainText('2 steps install packages one after the other');
  await expect(panel).toContainText('once there are builds to count');

  for (let i = 0; i < 3; i += 1) {
    finished(await box.strata(['build', folder, '--json']));
    await appendFile(join(folder, 'src/server.js'), '// one more line\n');
  }
  await page.reload();
  await tab.click();
  await expect(panel).not.toContainText('once there are builds to count');
  const advice = panel.getByRole('listitem');
  const order = advice.filter({ hasText: 'COPY . . stands before RUN npm ci' });
  await expect(order).toContainText('In your last 3 builds that cost 2 rebuilds');
  await expect(order).toContainText('copy those first');
  const cache = advice.filter({ hasText: 'The download cache of npm is in a layer' });
  await expect(cache).toContainText(/1 file, 7\.\d MB/);
  await cache.getByRole('button', { name: 'line 7' }).click();
  await expect(project.line(7)).toHaveAttribute('aria-pressed', 'true');
  await order.getByRole('button', { name: 'line 3' }).click();
  await expect(project.line(3)).toHaveAttribute('aria-pressed', 'true');
});
