import { describeCases } from './support/differential/describe-cases.ts';

describeCases('ingress-nginx', {});
