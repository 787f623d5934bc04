import { describe, expect, it } from 'vitest';
import { runFairlead } from './support/fairlead.ts';
import { FolderScenarioSource } from './support/scenarios/folder-scenario-source.ts';
import { testScenarios } from './support/scenarios/scenarios.ts';

describe('the scenarios, from the folder', () => {
  const source = new FolderScenarioSource();
  testScenarios(source);

  it('have no problem by `fairlead check`', async () => {
    const { status, stdout } = await runFairlead(['check'], { cwd: source.world.root });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
