import { describe, expect, it } from 'vitest';
import { runFairlead } from './support/fairlead.ts';
import { FolderPlace } from './support/scenarios/folder-place.ts';
import { testScenarios } from './support/scenarios/scenarios.ts';

describe('the scenarios, from the folder', () => {
  const place = new FolderPlace();
  testScenarios(place);

  it('have no problem by `fairlead check`', async () => {
    const { status, stdout } = await runFairlead(['check'], { cwd: place.world.root });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
