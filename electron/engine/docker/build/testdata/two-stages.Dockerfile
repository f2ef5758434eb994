FROM base:1 AS build
ENV GREETING=hello
RUN echo $GREETING; echo problem >&2
WORKDIR /app
COPY a.txt ./a.txt
FROM base:1 AS unused
RUN exit 9
FROM base:1
COPY --from=build /app/a.txt /a.txt
CMD ["cat", "/a.txt"]
