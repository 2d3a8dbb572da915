#ifndef CONVO_CJPEG_H
#define CONVO_CJPEG_H
#endif
