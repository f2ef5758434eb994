FROM base:1
RUN echo a; exit 3
RUN echo one
