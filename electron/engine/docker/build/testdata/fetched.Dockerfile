FROM 127.0.0.1:5055/t/x:1
COPY Dockerfile /qq
