/** What the base image of the sample is called. It is made on this machine and comes from no registry. */
export const SAMPLE_BASE = 'strata/sample-base:1';

/** What the sample builds. */
export const SAMPLE_TAG = 'sample/shop:1.0.0';

const PRODUCTS = `name,price,stock
Walnut desk,349,4
Reading lamp,49,21
Wool blanket,89,12
Oak shelf,129,7
Linen curtain,59,0
Clay pot,19,64
`;

const PAGE = `#!/bin/sh
# Writes a page with one line for each product, the cheapest first.
echo "<!doctype html><title>$1</title><h1>$1</h1><ul>"
while IFS=, read -r name price stock; do
  if [ "$stock" = 0 ]; then note="sold out"; else note="$stock left"; fi
  echo "  <li>$name: $price euro ($note)</li>"
done
echo "</ul>"
`;

const IGNORE = `# What the build does not need is not even looked at.
notes
*.log
`;

const NOTES = 'The ignore file keeps this folder out of the build context.\n';

const WITH_RUN = `# A small shop page, put together by a shell script.
# Build it, change a price in products.csv, and look which steps are rebuilt, and why.
FROM ${SAMPLE_BASE} AS page
WORKDIR /work
COPY page.sh ./
RUN mkdir -p /out && cat page.sh | wc -l > /out/script-lines.txt
COPY products.csv ./
RUN tail -n +2 products.csv | sort -t, -k2 -n > sorted.csv
ARG TITLE="The corner shop"
RUN sh page.sh "$TITLE" < sorted.csv > /out/index.html && cat /out/index.html

FROM ${SAMPLE_BASE}
LABEL org.opencontainers.image.title="Strata sample"
WORKDIR /site
COPY --from=page /out/ ./
CMD ["cat", "/site/index.html"]
`;

const WITHOUT_RUN = `# A small shop, copied together. Steps that run commands need Linux or a connected engine,
# so this sample has none. Change products.csv, and look which steps are rebuilt, and why.
FROM scratch
LABEL org.opencontainers.image.title="Strata sample"
WORKDIR /site
COPY page.sh ./
COPY products.csv ./
ENV TITLE="The corner shop"
CMD ["/site/page.sh"]
`;

/** The files of the sample by name; with RUN steps where this machine can make a base image for them. */
export function sampleFiles(withRun: boolean): Readonly<Record<string, string>> {
  return {
    Dockerfile: withRun ? WITH_RUN : WITHOUT_RUN,
    '.dockerignore': IGNORE,
    'page.sh': PAGE,
    'products.csv': PRODUCTS,
    'notes/ideas.txt': NOTES,
  };
}
