import { COURSE } from '../fixtures/course.ts';
import { finished } from '../fixtures/events.ts';
import { expect, test } from '../fixtures/test.ts';

for (const { name, files, made, runtime } of COURSE) {
  test(`builds ${name} as written`, async ({ box }) => {
    const folder = await box.files('project', files);
    const built = finished(await box.strata(['build', folder, '-t', 'course:1', '--json']));
    expect(built.error).toBeUndefined();

    const [inspected] = (await box.strata(['inspect', 'course:1', '--json'])).events;
    const { config } = JSON.parse(String(inspected?.rawConfig));
    expect(config).toMatchObject(runtime);

    const listing = await box.strata(['files', 'course:1', made[0], '--json']);
    expect(listing.events.map((file) => file.name)).toContain(made[1]);

    const again = finished(await box.strata(['build', folder, '-t', 'course:1', '--json']));
    expect(again.steps.map((step) => step.status)).toEqual(again.steps.map(() => 'hit'));
    expect(again.digest).toBe(built.digest);
  });
}
