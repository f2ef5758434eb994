FROM onb:1
WORKDIR /x
RUN echo one
