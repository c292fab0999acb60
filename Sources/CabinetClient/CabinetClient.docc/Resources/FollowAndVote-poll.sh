ecabinet poll create poll-2 --item item-1 --motion "Thông qua phụ lục."
ecabinet poll open poll-2
